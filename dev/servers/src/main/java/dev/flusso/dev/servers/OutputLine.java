package dev.flusso.dev.servers;

/**
 * One line a process wrote.
 *
 * @param channel where it wrote it
 * @param text the line without its end
 */
public record OutputLine(Channel channel, String text) {

    /** Standard output or standard error. */
    public enum Channel {
        OUT,
        ERR
    }
}
