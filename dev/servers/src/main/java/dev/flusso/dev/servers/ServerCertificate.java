package dev.flusso.dev.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A self-signed certificate for localhost and 127.0.0.1 with its key, made by the JDK's {@code keytool}.
 *
 * @param certificate PEM, also what clients trust
 * @param key PKCS#8, PEM, for the owner's eyes only
 * @param store both as PKCS12 under the alias {@code server}, with the password {@value #STORE_PASSWORD}
 */
record ServerCertificate(Path certificate, Path key, Path store) {

    static final String STORE_PASSWORD = "flusso-dev";
    private static final String ALIAS = "server";

    /** Makes {@code server.p12}, {@code server.crt} and {@code server.key} in {@code folder}. */
    static ServerCertificate generated(Path folder) {
        var store = folder.resolve("server.p12");
        generate(store);
        try (var stream = Files.newInputStream(store)) {
            var keys = KeyStore.getInstance("PKCS12");
            keys.load(stream, STORE_PASSWORD.toCharArray());
            var certificate = folder.resolve("server.crt");
            var key = folder.resolve("server.key");
            Files.writeString(
                    certificate, pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()));
            Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(
                    key,
                    pem(
                            "PRIVATE KEY",
                            keys.getKey(ALIAS, STORE_PASSWORD.toCharArray()).getEncoded()));
            return new ServerCertificate(certificate, key, store);
        } catch (IOException | GeneralSecurityException e) {
            throw new ServerException("cannot take certificate and key out of " + store + ": " + e, e);
        }
    }

    private static void generate(Path store) {
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var arguments = ("-genkeypair -keyalg EC -groupname secp256r1 -dname CN=localhost -validity 3650"
                        + " -ext san=dns:localhost,ip:127.0.0.1 -storetype PKCS12 -alias " + ALIAS)
                .split(" ");
        var command = new ArrayList<String>();
        command.add(keytool);
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storepass", STORE_PASSWORD, "-keystore", store.toString()));
        try (var process = ProcessControl.command(command).start()) {
            if (process.waitForExit(Duration.ofMinutes(1)) != 0) {
                throw new ServerException("keytool could not make " + store + ":" + process.lastLines(20));
            }
        }
    }

    private static String pem(String what, byte[] der) {
        var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
    }
}
