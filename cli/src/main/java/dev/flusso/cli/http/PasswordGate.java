package dev.flusso.cli.http;

import com.sun.net.httpserver.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets in who knows user and password (HTTP basic). How long a refusal takes tells nothing about how much of them was right. */
final class PasswordGate implements Gate {
    private static final String SCHEME = "basic ";

    private final byte[] expected;

    PasswordGate(String user, String password) {
        this.expected = digest((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Optional<Answer> refuse(Headers request, Headers answer) {
        if (MessageDigest.isEqual(expected, digest(given(request.getFirst("Authorization"))))) {
            return Optional.empty();
        }
        answer.set("WWW-Authenticate", "Basic realm=\"flusso\", charset=\"UTF-8\"");
        return Optional.of(Answer.text(401, "user and password are needed here (HTTP basic)"));
    }

    private static byte[] given(@Nullable String header) {
        if (header == null || !header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return new byte[0];
        }
        try {
            return Base64.getDecoder().decode(header.substring(SCHEME.length()).strip());
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    /** Both sides have the same length then, whatever was sent. */
    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
