package dev.flusso.opensearch;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a cluster is and who we are there, all references resolved.
 *
 * @param url {@code http} or {@code https}; a path is a prefix of all requests; user and password in it count unless given apart
 * @param username for HTTP basic; null for none
 * @param password for HTTP basic; null for none
 * @param apiKey sent as {@code Authorization: ApiKey …}; wins over user and password; null for none
 * @param caCert a PEM file with the only authorities to trust; null for those Java trusts
 * @param tlsVerify false: any certificate and any host name will do
 */
public record ClusterAccess(
        URI url,
        @Nullable String username,
        @Nullable String password,
        @Nullable String apiKey,
        @Nullable Path caCert,
        boolean tlsVerify) {

    public ClusterAccess {
        var scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "'" + withoutUser(url) + "' is not the URL of a cluster, expected a form like https://search:9200");
        }
        if ((username == null) != (password == null)) {
            throw new IllegalArgumentException(
                    (username == null ? "a password without a username" : "user '" + username + "' without a password")
                            + ", expected both or none, for " + withoutUser(url));
        }
    }

    /** A cluster that asks for nothing. */
    public static ClusterAccess of(URI url) {
        return new ClusterAccess(url, null, null, null, null, true);
    }

    /** The URL as it may be shown: without user and password. */
    public String shown() {
        return withoutUser(url);
    }

    private static String withoutUser(URI url) {
        return url.toString().replaceFirst("//[^/@]*@", "//").replaceFirst("[?#].*$", "");
    }

    /** Prints no secret. */
    @Override
    public String toString() {
        return shown();
    }
}
