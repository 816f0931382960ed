package dev.flusso.dev.shop;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the script asks for.
 *
 * @param distribution the unpacked distribution, with {@code bin/flusso}
 * @param shop the folder of {@code flusso.toml}, the schemas and {@code sql}
 * @param once end after the comparison instead of staying up
 * @param colours the output is a terminal
 * @param columns how wide a line may be
 */
record DemoOptions(Path distribution, Path shop, boolean once, boolean colours, int columns) {

    private static final int LEAST_COLUMNS = 60;

    DemoOptions {
        columns = Math.max(LEAST_COLUMNS, columns);
    }

    /** @throws IllegalArgumentException for words it does not know, or without the two folders */
    static DemoOptions parse(List<String> words) {
        @Nullable Path distribution = null;
        @Nullable Path shop = null;
        var once = false;
        var colours = false;
        var columns = 140;
        var rest = words.iterator();
        while (rest.hasNext()) {
            var word = rest.next();
            switch (word) {
                case "--once" -> once = true;
                case "--colours" -> colours = true;
                default -> {
                    if (!rest.hasNext()) {
                        throw new IllegalArgumentException("unknown option '" + word + "'");
                    }
                    var value = rest.next();
                    switch (word) {
                        case "--distribution" -> distribution = Path.of(value);
                        case "--shop" -> shop = Path.of(value);
                        case "--columns" -> columns = Integer.parseInt(value);
                        default -> throw new IllegalArgumentException("unknown option '" + word + "'");
                    }
                }
            }
        }
        if (distribution == null || shop == null) {
            throw new IllegalArgumentException("--distribution and --shop are needed; 'dev/demo' gives them");
        }
        return new DemoOptions(distribution.toAbsolutePath(), shop.toAbsolutePath(), once, colours, columns);
    }
}
