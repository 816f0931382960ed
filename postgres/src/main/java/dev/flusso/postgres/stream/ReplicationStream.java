package dev.flusso.postgres.stream;

import dev.flusso.capture.CaptureException;
import dev.flusso.capture.ChangeStream;
import dev.flusso.capture.SlotHeldElsewhereException;
import dev.flusso.capture.SourceNotUsableException;
import dev.flusso.capture.SourceUnavailableException;
import dev.flusso.capture.StreamBrokenException;
import dev.flusso.capture.StreamEvent;
import dev.flusso.journal.Gap;
import dev.flusso.journal.Lsn;
import dev.flusso.postgres.PostgresAddress;
import dev.flusso.postgres.SqlFailure;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/**
 * A slot being read by the driver. The driver is used under one lock: by the polling thread, which never blocks in it, and by the
 * feedback thread, which reports to the server every second when something was acknowledged, and every few seconds in any case.
 */
public final class ReplicationStream implements ChangeStream {

    /** How long an acknowledgement may wait to be sent. */
    private static final long ACKNOWLEDGE_NANOS = Duration.ofMillis(500).toNanos();

    /** How often the server hears from us when nothing was acknowledged; its patience is a minute unless it was set lower. */
    private final long silenceNanos;

    private final PostgresAddress address;
    private final String slot;
    private final Connection connection;
    private final PGReplicationStream stream;
    private final ReentrantLock driver = new ReentrantLock();
    private final Condition wake = driver.newCondition();
    private final Thread feedback;
    private final LongSupplier nanos;
    private long reportedNanos;
    private Lsn acknowledged = Lsn.ZERO;
    private boolean unreported;
    private @Nullable SQLException failure;
    private boolean closed;

    private ReplicationStream(
            PostgresAddress address,
            String slot,
            Connection connection,
            PGReplicationStream stream,
            Duration silence,
            ThreadFactory threads,
            LongSupplier nanos) {
        this.address = address;
        this.slot = slot;
        this.connection = connection;
        this.stream = stream;
        this.silenceNanos = silence.toNanos();
        this.nanos = nanos;
        this.reportedNanos = nanos.getAsLong();
        this.feedback = threads.newThread(this::report);
        feedback.setName("flusso-feedback");
        feedback.setDaemon(true);
    }

    /**
     * Begins to read.
     *
     * @param senderTimeout the server's {@code wal_sender_timeout}; zero when it never gives up
     * @param nanos {@code System::nanoTime}
     */
    public static ReplicationStream open(
            PostgresAddress address,
            String slot,
            String publication,
            Lsn from,
            Duration senderTimeout,
            ThreadFactory threads,
            LongSupplier nanos) {
        Connection connection;
        try {
            connection = ReplicationConnection.open(address);
        } catch (SQLException e) {
            if (SqlFailure.is(e, SqlFailure.INSUFFICIENT_PRIVILEGE)) {
                throw new SourceNotUsableException(
                        "the role may not replicate at " + address + ": " + SqlFailure.oneLine(e)
                                + "; run as a superuser: ALTER ROLE \""
                                + address.user().replace("\"", "\"\"")
                                + "\" REPLICATION",
                        e);
            }
            throw SqlFailure.of(e, "cannot connect for replication", address);
        }
        try {
            var stream = connection
                    .unwrap(PGConnection.class)
                    .getReplicationAPI()
                    .replicationStream()
                    .logical()
                    .withSlotName(slot)
                    .withStartPosition(LogSequenceNumber.valueOf(from.value()))
                    .withAutomaticFlush(false)
                    .withStatusInterval(5, TimeUnit.SECONDS)
                    .withSlotOption("proto_version", 1)
                    .withSlotOption("publication_names", '"' + publication.replace("\"", "\"\"") + '"')
                    .withSlotOption("messages", true)
                    .start();
            var opened =
                    new ReplicationStream(address, slot, connection, stream, silence(senderTimeout), threads, nanos);
            opened.feedback.start();
            return opened;
        } catch (SQLException e) {
            abort(connection);
            throw failure(e, slot, address);
        }
    }

    private static Duration silence(Duration senderTimeout) {
        var quarter = senderTimeout.dividedBy(4);
        return senderTimeout.isZero() || quarter.compareTo(Duration.ofSeconds(5)) > 0 ? Duration.ofSeconds(5) : quarter;
    }

    @Override
    public @Nullable StreamEvent poll() {
        driver.lock();
        try {
            refuseIfOver();
            var message = stream.readPending();
            return message == null ? null : decoded(message);
        } catch (SQLException e) {
            throw failure(e, slot, address);
        } finally {
            driver.unlock();
        }
    }

    private StreamEvent decoded(ByteBuffer message) {
        return PgoutputDecoder.decode(message, Lsn.of(stream.getLastReceiveLSN().asLong()));
    }

    private void refuseIfOver() throws SQLException {
        if (closed) {
            throw new SourceUnavailableException("the stream of slot '" + slot + "' is closed");
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public Lsn received() {
        driver.lock();
        try {
            return Lsn.of(stream.getLastReceiveLSN().asLong());
        } finally {
            driver.unlock();
        }
    }

    @Override
    public void acknowledge(Lsn lsn) {
        driver.lock();
        try {
            if (lsn.isAfter(acknowledged)) {
                acknowledged = lsn;
                var place = LogSequenceNumber.valueOf(lsn.value());
                stream.setFlushedLSN(place);
                stream.setAppliedLSN(place);
                unreported = true;
                wake.signal();
            }
        } finally {
            driver.unlock();
        }
    }

    /** The feedback thread's work. */
    private void report() {
        driver.lock();
        try {
            while (!closed && failure == null) {
                var pause = unreported ? ACKNOWLEDGE_NANOS : silenceNanos;
                var due = pause - (nanos.getAsLong() - reportedNanos);
                if (due > 0) {
                    var ignored = wake.awaitNanos(due);
                } else {
                    send();
                }
            }
        } catch (SQLException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            driver.unlock();
        }
    }

    private void send() throws SQLException {
        stream.forceUpdateStatus();
        reportedNanos = nanos.getAsLong();
        unreported = false;
    }

    /** Sends the last acknowledgement, then cuts the connection: an orderly end would first drain what the server still sends. */
    @Override
    public void close() {
        driver.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            wake.signal();
            if (failure == null && unreported) {
                send();
            }
        } catch (SQLException e) {
            failure = e; // nobody will ask any more: the server sends again from the acknowledgement before
        } finally {
            driver.unlock();
            abort(connection);
        }
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // it is gone either way
        }
    }

    private static CaptureException failure(SQLException e, String slot, PostgresAddress address) {
        var text = SqlFailure.oneLine(e);
        if (SqlFailure.is(e, SqlFailure.OBJECT_IN_USE)) {
            return new SlotHeldElsewhereException("slot '" + slot + "' at " + address + " is read by another process: "
                    + text + "; stop that one, or start this one with another --slot");
        }
        if (SqlFailure.is(e, SqlFailure.UNDEFINED_OBJECT) && text.contains("publication")) {
            return new StreamBrokenException(
                    Gap.Reason.SLOT_INVALIDATED,
                    "slot '" + slot + "' at " + address
                            + " can never be read past the time its publication was not there: " + text,
                    e);
        }
        if (SqlFailure.is(e, SqlFailure.UNDEFINED_OBJECT)) {
            return new StreamBrokenException(
                    Gap.Reason.SLOT_LOST, "slot '" + slot + "' at " + address + " is gone: " + text, e);
        }
        if (SqlFailure.is(e, "55000")) {
            return new StreamBrokenException(
                    Gap.Reason.SLOT_INVALIDATED, "slot '" + slot + "' at " + address + " cannot be read: " + text, e);
        }
        return SqlFailure.of(e, "reading slot '" + slot + "' failed", address);
    }
}
