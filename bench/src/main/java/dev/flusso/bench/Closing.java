package dev.flusso.bench;

import org.jspecify.annotations.Nullable;

/** The end of things that may or may not have been begun. */
public final class Closing {

    private Closing() {}

    /** Closes each in this order, those that are null left out; what fails is thrown when all have been tried. */
    public static void all(@Nullable AutoCloseable... things) {
        IllegalStateException failure = null;
        for (var thing : things) {
            try {
                if (thing != null) {
                    thing.close();
                }
            } catch (Exception e) {
                if (failure == null) {
                    failure = new IllegalStateException("cannot close " + thing + ": " + e, e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
