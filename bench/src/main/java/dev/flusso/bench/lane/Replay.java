package dev.flusso.bench.lane;

import dev.flusso.postgres.document.PostgresIndexReader;
import dev.flusso.worker.KeyRange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Bulk requests prepared beforehand, sent to an index like flusso's own, two at a time: what is left when nothing has to be read or
 * built.
 */
final class Replay {

    private static final int BATCH = 1_000;
    private static final int IN_FLIGHT = 2;
    static final String INDEX = "replayed";

    private final Cluster cluster;
    private final List<byte[]> bulks;
    private final long documents;
    private final byte[] indexBody;

    private Replay(Cluster cluster, List<byte[]> bulks, long documents, byte[] indexBody) {
        this.cluster = cluster;
        this.bulks = bulks;
        this.documents = documents;
        this.indexBody = indexBody;
    }

    /**
     * Reads every document once.
     *
     * @param like an index whose mapping and analysis the replayed one gets
     */
    static Replay of(Cluster cluster, String like, PostgresIndexReader reader) throws IOException {
        var bulks = new ArrayList<byte[]>();
        var bulk = new ByteArrayOutputStream();
        int[] inBulk = new int[1];
        long[] count = new long[1];
        reader.scan(KeyRange.ALL, (stamp, answer) -> {
            var found = answer.document();
            if (found != null) {
                bulk.writeBytes(("{\"index\":{\"_id\":\"" + found.id() + "\",\"version\":" + stamp.version()
                                + ",\"version_type\":\"external_gte\"}}\n")
                        .getBytes(StandardCharsets.UTF_8));
                bulk.writeBytes(found.json());
                bulk.write('\n');
                count[0]++;
                if (++inBulk[0] == BATCH) {
                    bulks.add(bulk.toByteArray());
                    bulk.reset();
                    inBulk[0] = 0;
                }
            }
        });
        if (bulk.size() > 0) {
            bulks.add(bulk.toByteArray());
        }
        return new Replay(cluster, List.copyOf(bulks), count[0], body(cluster, like));
    }

    private static byte[] body(Cluster cluster, String like) throws IOException {
        var found = cluster.get("/" + like).elements().next();
        var body = Cluster.JSON.createObjectNode();
        var index = body.putObject("settings").putObject("index");
        var settings = found.path("settings").path("index");
        settings.properties().forEach(setting -> {
            if (!List.of("creation_date", "uuid", "version", "provided_name", "hidden")
                    .contains(setting.getKey())) {
                index.set(setting.getKey(), setting.getValue());
            }
        });
        index.put("refresh_interval", "-1");
        body.set("mappings", found.path("mappings"));
        return Cluster.JSON.writeValueAsBytes(body);
    }

    long documents() {
        return documents;
    }

    /** Makes the index anew and sends everything; returns documents a second. */
    double run() throws IOException {
        cluster.send("DELETE", "/" + INDEX + "?ignore_unavailable=true", new byte[0]);
        cluster.send("PUT", "/" + INDEX, indexBody);
        var threads = Executors.newFixedThreadPool(IN_FLIGHT);
        try {
            long start = System.nanoTime();
            var sent = new ArrayList<Future<?>>();
            for (var bulk : bulks) {
                sent.add(threads.submit(() -> {
                    var answer = cluster.send("POST", "/" + INDEX + "/_bulk?filter_path=errors", bulk);
                    if (answer.path("errors").booleanValue()) {
                        throw new IOException("a replayed document was refused");
                    }
                    return answer;
                }));
            }
            for (var one : sent) {
                one.get();
            }
            return documents * 1e9 / (System.nanoTime() - start);
        } catch (ExecutionException e) {
            throw new IOException("the replay failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the replay was interrupted", e);
        } finally {
            threads.shutdownNow();
        }
    }
}
