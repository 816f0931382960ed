package dev.flusso.schema;

/** {@code [server]}: addresses as {@code host:port}. */
public record ServerConfig(String publicAddress, String privateAddress, String captureAddress) {}
