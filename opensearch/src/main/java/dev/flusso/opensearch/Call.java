package dev.flusso.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.http.HttpEntity;
import org.apache.http.entity.ContentType;
import org.apache.http.nio.entity.NStringEntity;
import org.jspecify.annotations.Nullable;

/**
 * One request.
 *
 * @param path begins with a slash; its parts are encoded
 */
record Call(
        String method,
        String path,
        Map<String, String> parameters,
        @Nullable HttpEntity body) {

    static Call get(String path) {
        return new Call("GET", path, Map.of(), null);
    }

    static Call head(String path) {
        return new Call("HEAD", path, Map.of(), null);
    }

    static Call post(String path) {
        return new Call("POST", path, Map.of(), null);
    }

    static Call put(String path) {
        return new Call("PUT", path, Map.of(), null);
    }

    static Call delete(String path) {
        return new Call("DELETE", path, Map.of(), null);
    }

    Call with(String parameter, String value) {
        var more = new TreeMap<>(parameters);
        more.put(parameter, value);
        return new Call(method, path, more, body);
    }

    Call json(JsonNode newBody) {
        return body(new NStringEntity(newBody.toString(), ContentType.APPLICATION_JSON));
    }

    Call body(HttpEntity newBody) {
        return new Call(method, path, parameters, newBody);
    }

    /** An index name or id as a part of a path. */
    static String part(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
