package dev.flusso.worker.lane;

import dev.flusso.journal.TableName;
import dev.flusso.schema.IndexConfig;
import dev.flusso.worker.DriftException;
import dev.flusso.worker.RowReader.IndexReader;
import dev.flusso.worker.SourceUnavailableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One generation's way to the database: opens its reader, asks by it, and remembers what is wrong. After a failure nothing is asked
 * until a growing pause is over; after a drift the reader is opened anew, so a mended table resumes the lane. The lane's thread.
 */
final class Source {

    private static final Logger LOG = LoggerFactory.getLogger(Source.class);

    private final LaneContext context;
    private final IndexConfig index;
    private final Asker asker;
    private final Backoff backoff;

    /** A reader, and the primary keys of tables as the catalog it was opened by knows them. */
    private record Opened(IndexReader reader, Map<TableName, List<String>> primaryKeys) {}

    private Set<TableName> unnamedKeys = Set.of();
    private @Nullable Opened opened;
    private boolean opening;
    private boolean stale;
    private long notBeforeNanos;
    private @Nullable RuntimeException trouble;

    Source(LaneContext context, IndexConfig index) {
        this.context = context;
        this.index = index;
        this.asker = context.asker();
        this.backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10), context.random());
        this.notBeforeNanos = context.clock().nanoTime();
    }

    /** Names tables whose primary keys are to be looked up whenever the reader is opened. */
    void lookUp(Set<TableName> tables) {
        unnamedKeys = Set.copyOf(tables);
    }

    /** Whether a question can be asked now; begins to open the reader when it is not open. */
    boolean isOpen() {
        if (context.clock().nanoTime() - notBeforeNanos < 0) {
            return false;
        }
        if ((opened == null || stale) && !opening) {
            opening = true;
            stale = false;
            asker.ask(
                    this::open,
                    found -> {
                        opening = false;
                        opened = found;
                        succeeded();
                    },
                    e -> {
                        opening = false;
                        failed(e);
                    });
        }
        return opened != null && !opening;
    }

    /** The reading executor's thread. */
    private Opened open() {
        var reader =
                context.rows().open(index.name(), index.schema(), context.sink().maxDocumentBytes());
        var keys = new HashMap<TableName, List<String>>();
        unnamedKeys.forEach(table -> keys.put(table, reader.primaryKey(table)));
        return new Opened(reader, keys);
    }

    /** The primary key of a table that was to be looked up. */
    List<String> primaryKey(TableName table) {
        var now = opened;
        var key = now == null ? null : now.primaryKeys.get(table);
        if (key == null) {
            throw new IllegalStateException("the primary key of " + table + " was not looked up");
        }
        return key;
    }

    /** The open reader. */
    IndexReader reader() {
        var now = opened;
        if (now == null) {
            throw new IllegalStateException("asked before the reader was open");
        }
        return now.reader;
    }

    /** What the schema's tables and columns are in the catalog; empty while the reader is not open. */
    String definition() {
        var now = opened;
        return now == null ? "" : now.reader.definition();
    }

    /** The definition of some table changed: the next question is asked by a reader opened after this. */
    void refresh() {
        stale = true;
    }

    /** Asks by the open reader. After a failure the caller asks again once {@link #isOpen} says so. */
    <T> void ask(Function<IndexReader, T> question, Consumer<T> answer, Runnable failed) {
        var open = reader();
        Supplier<T> asked = () -> question.apply(open);
        asker.ask(
                asked,
                found -> {
                    succeeded();
                    answer.accept(found);
                },
                e -> {
                    failed(e);
                    failed.run();
                });
    }

    void succeeded() {
        if (trouble != null) {
            LOG.debug("source answers again lane={}", context.name());
        }
        trouble = null;
        backoff.reset();
    }

    void failed(RuntimeException e) {
        if (trouble == null || !String.valueOf(trouble.getMessage()).equals(e.getMessage())) {
            // the state that follows from it is said where states are watched
            LOG.debug("source failed lane={} error={}", context.name(), describe(e));
            if (!(e instanceof DriftException) && !(e instanceof SourceUnavailableException)) {
                LOG.debug("stack", e);
            }
        }
        context.monitor().failed(context.name(), describe(e));
        trouble = e;
        if (e instanceof DriftException) {
            stale = true;
        }
        notBeforeNanos = context.clock().nanoTime() + backoff.next().toNanos();
    }

    private static String describe(RuntimeException e) {
        return e instanceof DriftException || e instanceof SourceUnavailableException
                ? String.valueOf(e.getMessage())
                : e.toString();
    }

    /** What is wrong; null when nothing is. */
    @Nullable
    RuntimeException trouble() {
        return trouble;
    }
}
