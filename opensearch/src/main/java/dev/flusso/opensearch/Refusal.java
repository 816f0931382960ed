package dev.flusso.opensearch;

import dev.flusso.worker.SinkException;
import dev.flusso.worker.SinkException.Kind;

/** What an answer that is no success means for the whole request. */
final class Refusal {

    private Refusal() {}

    /**
     * The failure an answer amounts to.
     *
     * @param shown the sink, for the message
     * @param what was asked, for the message: {@code the creation of 'users_…_1'}
     */
    static SinkException of(String shown, String what, Reply reply) {
        var error = reply.json().path("error");
        var known = !error.isMissingNode();
        var reason = known ? ErrorReason.ofRequest(error) : "no answer of OpenSearch's, is this its address?";
        var kind = kind(reply.status(), reply.errorType(), known, reason);
        var message = shown + " answered " + reply.status() + " to " + what + ": " + reason + advice(kind);
        return new SinkException(kind, message);
    }

    private static Kind kind(int status, String type, boolean known, String reason) {
        if (isBlock(type)) {
            return ofBlock(reason);
        }
        if (isMissingIndex(type)) {
            return Kind.INDEX_MISSING;
        }
        if (status == 401 || status == 403) {
            return Kind.FORBIDDEN;
        }
        if (status == 408 || status == 429 || status >= 500) {
            return Kind.UNAVAILABLE;
        }
        // what speaks for itself without being OpenSearch (a load balancer's page) may be OpenSearch again in a moment
        return known || status == 405 || (status >= 300 && status < 400) ? Kind.REFUSED : Kind.UNAVAILABLE;
    }

    static boolean isMissingIndex(String type) {
        return type.equals("index_not_found_exception");
    }

    /** Whether the error says that somebody or the disk has blocked the index. */
    static boolean isBlock(String type) {
        return type.equals("cluster_block_exception") || type.equals("index_closed_exception");
    }

    /**
     * A block's reason holds {@code [FORBIDDEN/8/index write (api)]}, {@code [TOO_MANY_REQUESTS/12/…flood-stage…]} or {@code
     * [SERVICE_UNAVAILABLE/1/state not recovered]}: only the last ends by itself.
     */
    static Kind ofBlock(String reason) {
        return reason.contains("SERVICE_UNAVAILABLE/") ? Kind.UNAVAILABLE : Kind.READ_ONLY;
    }

    static String advice(Kind kind) {
        return switch (kind) {
            case FORBIDDEN -> "; check username, password or api_key, and the role's rights on the indexes";
            case READ_ONLY -> "; free disk space, remove the index' block, or open the index";
            case UNAVAILABLE, INDEX_MISSING, REFUSED, OLDER, CLOSED -> "";
        };
    }
}
