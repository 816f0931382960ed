package dev.flusso.cli.log;

import ch.qos.logback.classic.spi.IThrowableProxy;

/** What an exception and its causes say, in one line. */
final class Causes {
    private static final int MOST = 5;

    private Causes() {}

    static String line(IThrowableProxy thrown) {
        var text = new StringBuilder(one(thrown));
        var cause = thrown.getCause();
        for (var i = 0; cause != null && i < MOST; i++) {
            // many wrap only to repeat what their cause says
            if (text.indexOf(String.valueOf(cause.getMessage())) < 0) {
                text.append("; caused by ").append(one(cause));
            }
            cause = cause.getCause();
        }
        return text.toString();
    }

    private static String one(IThrowableProxy thrown) {
        var name = thrown.getClassName();
        var simple = name.substring(name.lastIndexOf('.') + 1);
        return thrown.getMessage() == null ? simple : simple + ": " + thrown.getMessage();
    }
}
