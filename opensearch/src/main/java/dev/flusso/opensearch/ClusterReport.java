package dev.flusso.opensearch;

import java.util.List;

/**
 * What a look at a cluster found.
 *
 * @param distribution {@code opensearch}, or what the server calls itself; empty when it does not say
 * @param version such as {@code 2.19.6}; empty when it does not say
 * @param findings in the order in which they were looked for
 */
public record ClusterReport(String distribution, String version, List<Finding> findings) {

    public ClusterReport {
        findings = List.copyOf(findings);
    }

    /** How bad a finding is. */
    public enum Severity {
        /** A lane would not run. */
        ERROR,
        /** A lane would run, but worse than one may expect. */
        WARNING
    }

    /**
     * One finding.
     *
     * @param what is so, one line
     * @param fix what to do about it, one line
     */
    public record Finding(Severity severity, String what, String fix) {}
}
