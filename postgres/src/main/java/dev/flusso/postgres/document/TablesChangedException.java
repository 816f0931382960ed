package dev.flusso.postgres.document;

/** The statement ran on tables other than those it was written for; its answer means nothing. Never leaves this package. */
final class TablesChangedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TablesChangedException() {
        super("the tables changed since the statement was written", null, false, false);
    }
}
