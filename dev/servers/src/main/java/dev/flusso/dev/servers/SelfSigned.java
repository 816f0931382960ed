package dev.flusso.dev.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A self-signed certificate with its key, made by the JDK's {@code keytool}: of a server at localhost, 127.0.0.1 and ::1, or of a client.
 *
 * @param certificate PEM, also what the other side trusts
 * @param key PKCS#8, PEM, for the owner's eyes only
 * @param store both as PKCS12, with the password {@value #STORE_PASSWORD}
 */
public record SelfSigned(Path certificate, Path key, Path store) {

    public static final String STORE_PASSWORD = "flusso-dev";

    /** A server's: {@code server.p12}, {@code server.crt} and {@code server.key} in {@code folder}. */
    public static SelfSigned server(Path folder) {
        return made(folder, "server", "localhost", "-keyalg EC -groupname secp256r1");
    }

    /**
     * A client's, in {@code folder}; {@code name} is the certificate's CN and the files' name.
     *
     * @param algorithm of the key: {@code EC} or {@code RSA}
     */
    public static SelfSigned client(Path folder, String name, String algorithm) {
        return made(folder, name, name, "-keyalg " + algorithm);
    }

    private static SelfSigned made(Path folder, String name, String commonName, String algorithm) {
        var store = folder.resolve(name + ".p12");
        generate(store, name, commonName, algorithm);
        try {
            var keys = loaded(store);
            var certificate = folder.resolve(name + ".crt");
            var key = folder.resolve(name + ".key");
            Files.writeString(
                    certificate, pem("CERTIFICATE", keys.getCertificate(name).getEncoded()));
            Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(
                    key,
                    pem(
                            "PRIVATE KEY",
                            keys.getKey(name, STORE_PASSWORD.toCharArray()).getEncoded()));
            return new SelfSigned(certificate, key, store);
        } catch (IOException | GeneralSecurityException e) {
            throw new ServerException("cannot take certificate and key out of " + store + ": " + e, e);
        }
    }

    private static void generate(Path store, String alias, String commonName, String algorithm) {
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var arguments = ("-genkeypair " + algorithm + " -validity 3650 -ext san=dns:localhost,ip:127.0.0.1,ip:::1"
                        + " -storetype PKCS12")
                .split(" ");
        var command = new ArrayList<String>();
        command.add(keytool);
        command.addAll(List.of(arguments));
        command.addAll(List.of("-dname", "CN=" + commonName, "-alias", alias));
        command.addAll(List.of("-storepass", STORE_PASSWORD, "-keystore", store.toString()));
        try (var process = ProcessControl.command(command).start()) {
            if (process.waitForExit(Duration.ofMinutes(1)) != 0) {
                throw new ServerException("keytool could not make " + store + ":" + process.lastLines(20));
            }
        }
    }

    private static KeyStore loaded(Path store) throws IOException, GeneralSecurityException {
        try (var stream = Files.newInputStream(store)) {
            var keys = KeyStore.getInstance("PKCS12");
            keys.load(stream, STORE_PASSWORD.toCharArray());
            return keys;
        }
    }

    /** For a server in this JVM that shows this certificate. */
    public SSLContext serving() {
        try {
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(loaded(store), STORE_PASSWORD.toCharArray());
            var context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new ServerException("cannot serve TLS with " + store + ": " + e, e);
        }
    }

    /** For a client in this JVM that trusts the certificate in that PEM file and no other. */
    public static SSLContext trusting(Path certificate) {
        try (var stream = Files.newInputStream(certificate)) {
            var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "trusted", CertificateFactory.getInstance("X.509").generateCertificate(stream));
            var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            var context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new ServerException("cannot trust " + certificate + ": " + e, e);
        }
    }

    private static String pem(String what, byte[] der) {
        var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
    }
}
