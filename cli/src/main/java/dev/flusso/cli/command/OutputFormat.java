package dev.flusso.cli.command;

/** {@code --format}. */
enum OutputFormat {
    HUMAN,
    JSON;

    /** Reads {@code human} or {@code json}. */
    static OutputFormat parse(String text) {
        return switch (text) {
            case "human" -> HUMAN;
            case "json" -> JSON;
            default -> throw new IllegalArgumentException("'" + text + "' is no format, expected human or json");
        };
    }

    /** As typed. */
    @Override
    public String toString() {
        return this == HUMAN ? "human" : "json";
    }
}
