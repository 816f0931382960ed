package dev.flusso.bench;

import java.nio.file.Path;

/**
 * What was asked for on the command line.
 *
 * @param root the project's folder
 * @param distribution the unpacked distribution
 * @param scale how much data there is: 1 is the size the goals are stated for
 */
public record Settings(Path root, Path distribution, double scale) {

    public Settings {
        if (!(scale > 0 && scale <= 100)) {
            throw new IllegalArgumentException("the scale is " + scale + ", expected more than 0 and at most 100");
        }
    }

    /** That many, scaled, and at least {@code least}. */
    public int scaled(int count, int least) {
        return (int) Math.max(least, Math.min(Integer.MAX_VALUE, Math.round(count * scale)));
    }
}
