package dev.flusso.schema.parse;

import dev.flusso.schema.Config;
import dev.flusso.schema.ConfigException;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Place;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads config and schema files. Nothing is connected to, and no environment variable is looked at. */
public final class ConfigFiles {

    private ConfigFiles() {}

    /**
     * A {@code flusso.toml} and every schema it names, the disabled indexes' too. The places in the model are relative to the file's
     * directory, those in an exception begin with the path that was given.
     *
     * @throws ConfigException with everything that is wrong
     */
    public static Config load(Path toml) {
        var problems = new Problems();
        var directory = toml.getParent();
        var shownDirectory = directory == null ? "" : slashed(directory);
        var fileName = toml.getFileName();
        var shown = fileName == null ? slashed(toml) : slashed(fileName);
        var config = SourceText.read(toml, shown, "config file", Place.in(shown), problems)
                .flatMap(text -> TomlDocument.parse(text, shown, problems))
                .flatMap(root -> new ConfigReader(problems, new SchemaFiles(toml, problems)).read(root));
        problems.raise(shownDirectory);
        return config.orElseThrow();
    }

    /**
     * One {@code *.schema.yml} by itself.
     *
     * @throws ConfigException with everything that is wrong
     */
    public static DocumentSchema loadSchema(Path yaml) {
        var problems = new Problems();
        var shown = slashed(yaml);
        var schema = SourceText.read(yaml, shown, "schema file", Place.in(shown), problems)
                .flatMap(text -> YamlDocument.parse(text, shown, problems))
                .flatMap(root -> SchemaReader.read(root, problems));
        problems.raise("");
        return schema.orElseThrow();
    }

    private static String slashed(Path path) {
        return path.toString().replace('\\', '/');
    }

    /** The schemas beside a config; one that two indexes share is read once. */
    private static final class SchemaFiles implements ConfigReader.Schemas {

        private final Path toml;
        private final Problems problems;
        private final Map<String, Optional<DocumentSchema>> read = new HashMap<>();

        SchemaFiles(Path toml, Problems problems) {
            this.toml = toml;
            this.problems = problems;
        }

        @Override
        public Optional<DocumentSchema> read(Node found, Table index) {
            var path = Table.text(found).orElse("");
            if (!path.endsWith(".yml") && !path.endsWith(".yaml")) {
                index.wrong("schema", found, "a path that ends in .yml or .yaml");
                return Optional.empty();
            }
            return read.computeIfAbsent(path.replace('\\', '/'), shown -> file(shown, found.place()));
        }

        private Optional<DocumentSchema> file(String shown, Place askedAt) {
            Path file;
            try {
                file = toml.resolveSibling(shown);
            } catch (InvalidPathException e) {
                problems.add(askedAt, "'schema' is no path: " + e.getReason());
                return Optional.empty();
            }
            return SourceText.read(file, shown, "schema file", askedAt, problems)
                    .flatMap(text -> YamlDocument.parse(text, shown, problems))
                    .flatMap(root -> SchemaReader.read(root, problems));
        }
    }
}
