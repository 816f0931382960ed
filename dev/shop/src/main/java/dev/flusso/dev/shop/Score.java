package dev.flusso.dev.shop;

/** What was checked so far; used by one thread. */
final class Score {

    private int passed;
    private int failed;

    void add(boolean good) {
        if (good) {
            passed++;
        } else {
            failed++;
        }
    }

    boolean isClean() {
        return failed == 0 && passed > 0;
    }

    boolean hasFailures() {
        return failed > 0;
    }

    /** {@code 12 passed, 0 failed}. */
    @Override
    public String toString() {
        return passed + " passed, " + failed + " failed";
    }
}
