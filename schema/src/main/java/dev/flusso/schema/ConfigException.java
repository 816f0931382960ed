package dev.flusso.schema;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The config, a schema or a compiled form of them cannot be used; it tells everything that is wrong, not only the first. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** In the order of reading: by file as first met, then by line and column. */
    private final transient List<Problem> problems;

    public ConfigException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("a config exception needs a problem");
        }
        var files = problems.stream()
                .map(problem -> problem.place().file())
                .distinct()
                .toList();
        this.problems = problems.stream()
                .sorted(Comparator.comparing((Problem problem) ->
                                files.indexOf(problem.place().file()))
                        .thenComparing(problem -> problem.place().line())
                        .thenComparing(problem -> problem.place().column()))
                .toList();
    }

    public ConfigException(Place place, String message) {
        this(List.of(new Problem(place, message)));
    }

    /** All of them, at least one. */
    public List<Problem> problems() {
        return problems;
    }

    /** One problem on each line. */
    @Override
    public String getMessage() {
        return problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }
}
