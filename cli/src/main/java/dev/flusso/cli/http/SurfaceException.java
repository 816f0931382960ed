package dev.flusso.cli.http;

/** An address cannot be listened at. */
public final class SurfaceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SurfaceException(String message, Throwable cause) {
        super(message, cause);
    }
}
