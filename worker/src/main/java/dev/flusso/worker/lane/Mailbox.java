package dev.flusso.worker.lane;

import java.util.concurrent.ConcurrentLinkedQueue;

/** Where other threads leave what the lane's thread is to do. */
final class Mailbox {

    private final ConcurrentLinkedQueue<Runnable> letters = new ConcurrentLinkedQueue<>();

    /** Any thread. */
    void post(Runnable letter) {
        letters.add(letter);
    }

    /** Does what is there; the lane's thread. Returns how much that was. */
    int drain() {
        var done = 0;
        for (var letter = letters.poll(); letter != null; letter = letters.poll()) {
            letter.run();
            done++;
        }
        return done;
    }
}
