package dev.flusso.cli.status;

/** Tells how the process is. Any thread, several at once; answers at once from memory, and never asks a server. */
public interface StatusSource {

    /** Whether the process works at all: a thread that has died or is stuck is trouble, an absent server is not. */
    Probe health();

    /** Whether documents are current, or on their first way to be; otherwise each thing that is wrong. */
    Probe readiness();

    /** Everything. */
    StatusReport status();
}
