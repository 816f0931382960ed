package dev.flusso.cli.status;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/** {@link StatusReport} as JSON and back: snake case, enums in lower case, times in RFC 3339, unknown values as null. */
public final class StatusJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
            .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addDeserializer(Instant.class, new InstantText()))
            .build();

    private StatusJson() {}

    /** In one line. */
    public static String write(StatusReport report) {
        try {
            return MAPPER.writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a status report cannot be written as JSON", e);
        }
    }

    /**
     * Reads what {@link #write} wrote, also a newer version's with more keys.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static StatusReport read(String json) {
        try {
            return MAPPER.readValue(json, StatusReport.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a status report: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * A worker's report with what the capture process says of itself put in.
     *
     * @throws IllegalArgumentException when one of them is none
     */
    public static String withCapture(String worker, String capture) {
        try {
            if (!(MAPPER.readTree(worker) instanceof ObjectNode whole)) {
                throw new IllegalArgumentException("not a status report: no object");
            }
            var part = MAPPER.readTree(capture);
            for (var key : new String[] {"capture", "slot_lag_bytes"}) {
                if (part.hasNonNull(key)) {
                    whole.set(key, part.get(key));
                }
            }
            return MAPPER.writeValueAsString(whole);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a status report: " + e.getOriginalMessage(), e);
        }
    }

    private static final class InstantText extends StdDeserializer<Instant> {
        private static final long serialVersionUID = 1L;

        InstantText() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return Instant.parse(parser.getText());
        }
    }
}
