package dev.flusso.worker;

import dev.flusso.schema.IndexConfig;
import java.io.Closeable;

/** The port to where documents go. Any thread. */
public interface Sink extends Closeable {

    /** Its name in the config. */
    String name();

    /** Documents larger than this are refused by name. In bytes. */
    long maxDocumentBytes();

    /** How many requests a lane may have under way at once. */
    int inFlight();

    /** How many documents, and how many bytes, go into one request. */
    int batchSize();

    long maxBytes();

    /** How often a request is tried again before its lane backs off and reports itself unhealthy. */
    int maxRetries();

    /** One index of this sink. Makes no request. */
    SinkIndex index(IndexConfig index);
}
