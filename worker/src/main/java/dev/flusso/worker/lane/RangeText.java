package dev.flusso.worker.lane;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flusso.worker.Key;
import dev.flusso.worker.KeyRange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Key ranges as a lane file keeps them: {@code [["1"],["5000"]]}, null for an open end. */
final class RangeText {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<List<String>>> FORM = new TypeReference<>() {};

    private RangeText() {}

    static String of(KeyRange range) {
        var ends = new ArrayList<@Nullable List<String>>();
        ends.add(parts(range.fromInclusive()));
        ends.add(parts(range.untilExclusive()));
        try {
            return JSON.writeValueAsString(ends);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a key range could not be written as JSON: " + range, e);
        }
    }

    static KeyRange parse(String text) {
        try {
            var ends = JSON.readValue(text, FORM);
            if (ends.size() != 2) {
                throw new IllegalArgumentException("'" + text + "' is not a key range, expected two ends");
            }
            return new KeyRange(key(ends.get(0)), key(ends.get(1)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("'" + text + "' is not a key range, expected [[…],[…]]", e);
        }
    }

    private static @Nullable List<String> parts(@Nullable Key key) {
        return key == null ? null : key.parts();
    }

    private static @Nullable Key key(@Nullable List<String> parts) {
        return parts == null ? null : new Key(parts);
    }
}
