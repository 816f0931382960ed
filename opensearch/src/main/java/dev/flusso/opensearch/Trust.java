package dev.flusso.opensearch;

import dev.flusso.schema.connection.ClusterAccess;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.http.conn.ssl.NoopHostnameVerifier;
import org.apache.http.nio.conn.ssl.SSLIOSessionStrategy;
import org.jspecify.annotations.Nullable;

/** Whom a TLS connection trusts. */
final class Trust {

    private Trust() {}

    static SSLIOSessionStrategy strategy(ClusterAccess access) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, trustManagers(access), null);
            return access.tlsVerify()
                    ? new SSLIOSessionStrategy(context)
                    : new SSLIOSessionStrategy(context, NoopHostnameVerifier.INSTANCE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot make TLS connections", e);
        }
    }

    private static TrustManager @Nullable [] trustManagers(ClusterAccess access) throws GeneralSecurityException {
        if (!access.tlsVerify()) {
            return new TrustManager[] {new Anybody()};
        }
        return access.caCert() == null ? null : of(Path.of(access.caCert()));
    }

    private static TrustManager[] of(Path pem) throws GeneralSecurityException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        try (var stream = Files.newInputStream(pem)) {
            store.load(null, null);
            var number = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(stream)) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            if (number == 0) {
                throw new IllegalArgumentException("ca_cert '" + pem + "' holds no certificate, expected PEM");
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("ca_cert '" + pem + "' cannot be read: " + e, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "ca_cert '" + pem + "' is not a PEM file with certificates: " + e.getMessage(), e);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    /** What {@code tls_verify = false} asks for. */
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
