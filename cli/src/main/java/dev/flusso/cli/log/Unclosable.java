package dev.flusso.cli.log;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** The process' stderr outlives each logging set-up: closing flushes only. */
final class Unclosable extends FilterOutputStream {

    Unclosable(OutputStream out) {
        super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
        out.flush();
    }
}
