package dev.flusso.dev.shop;

/** The few ways in which text is set off on a terminal. */
enum Colour {
    PLAIN(""),
    BOLD("\u001b[1m"),
    DIM("\u001b[2m"),
    RED("\u001b[31m"),
    GREEN("\u001b[32m"),
    YELLOW("\u001b[33m"),
    BLUE("\u001b[34m"),
    MAGENTA("\u001b[35m"),
    CYAN("\u001b[36m");

    private final String start;

    Colour(String start) {
        this.start = start;
    }

    /** {@code text} in this colour, and the terminal as it was after it. */
    String of(String text) {
        return start.isEmpty() || text.isEmpty() ? text : start + text + "\u001b[0m";
    }
}
