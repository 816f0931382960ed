package dev.flusso.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.Properties;

/** What a database's URL says of TLS, with libpq's meaning, as the driver takes it. */
final class TlsSettings {

    private TlsSettings() {}

    static void put(Map<String, String> given, Properties settings) {
        var root = given.get("sslrootcert");
        var mode = given.get("sslmode");
        if ("system".equals(root)) {
            settings.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
            mode = "verify-full"; // no weaker one is accepted beside it: anybody can have a certificate of his own
        } else if (root != null) {
            settings.setProperty("sslrootcert", root);
            if ("require".equals(mode)) {
                mode = "verify-ca"; // as libpq does; the driver would look at no certificate
            }
        }
        if (mode != null) {
            settings.setProperty("sslmode", mode);
        }
        var certificate = given.get("sslcert");
        if (certificate != null) {
            settings.setProperty("sslcert", certificate);
            settings.setProperty("pemKeyAlgorithm", keyAlgorithm(Path.of(certificate)));
        }
        var key = given.get("sslkey");
        if (key != null) {
            settings.setProperty("sslkey", key);
        }
    }

    /** The driver takes a PEM key for one of RSA unless told otherwise; what cannot be read it complains of itself. */
    private static String keyAlgorithm(Path certificate) {
        try (var stream = Files.newInputStream(certificate)) {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(stream)
                    .getPublicKey()
                    .getAlgorithm();
        } catch (IOException | CertificateException e) {
            return "RSA";
        }
    }
}
