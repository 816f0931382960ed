package dev.flusso.schema.connection;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * How an OpenSearch cluster is reached.
 *
 * @param url without credentials; {@code http} or {@code https}
 * @param username null for none
 * @param password null for none
 * @param apiKey null for none; wins over user name and password
 * @param caCert path of a PEM file; null for the system's certificates
 */
public record ClusterAccess(
        URI url,
        @Nullable String username,
        @Nullable String password,
        @Nullable String apiKey,
        @Nullable String caCert,
        boolean tlsVerify) {

    /**
     * Reads the URL of a cluster.
     *
     * @throws IllegalArgumentException when it is none; the message holds no secret
     */
    public static URI checkedUrl(String url) {
        URI uri;
        try {
            uri = new URI(url.strip());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "expected a URL such as https://search.example.com:9200; what a URL may not hold is percent-encoded");
        }
        var scheme = uri.getScheme();
        if (!"http".equals(scheme) && !"https".equals(scheme)) {
            throw new IllegalArgumentException("expected a URL that begins with http:// or https://");
        }
        if (uri.getHost() == null || uri.getPort() > 65_535 || uri.getPort() == 0) {
            throw new IllegalArgumentException("expected a URL with a host and, if any, a port from 1 to 65535");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("expected a URL without '?' and '#'");
        }
        return uri;
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return url.toString();
    }
}
