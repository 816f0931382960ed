package dev.flusso.dev.servers;

import java.util.concurrent.CountDownLatch;

/** A JVM with both servers and a program of its own, to be killed: prints the pids of all its descendants, then waits for ever. */
final class Victim {

    private Victim() {}

    public static void main(String[] args) throws InterruptedException {
        var postgres = PostgresServer.builder().start();
        var frozen = PostgresServer.builder().start();
        var search = SearchServer.builder().build();
        if (args.length > 0 && args[0].equals("search")) {
            search.start();
        }
        var program =
                ProcessControl.command("sh", "-c", "sleep 600 & sleep 600; :").start();
        frozen.freeze();
        ProcessHandle.current().descendants().forEach(process -> System.out.println("descendant " + process.pid()));
        System.out.println("ready " + postgres + " " + search + " " + program);
        new CountDownLatch(1).await();
    }
}
