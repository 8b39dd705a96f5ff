package dev.vitrine.app.terminal;

import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import sun.misc.Signal;

/**
 * Ends the program in order when the system asks it to: what runs is cancelled, what is being written is written or
 * removed, and what is written stays.
 */
public final class Stop {
    private static final int PATIENCE_MILLISECONDS = 15_000;

    /** A signal with the exit status that shells give for it: 128 and its number. */
    private enum Kind {
        HUP(129),
        INT(130),
        TERM(143);

        private final int status;

        Kind(int status) {
            this.status = status;
        }
    }

    private Runnable cancel = () -> {};
    private int status;
    private boolean noticed;
    private boolean atOnce;

    /** Listens for Ctrl-C and its relatives. */
    public void listen() {
        for (Kind kind : Kind.values()) {
            try {
                Signal.handle(new Signal(kind.name()), signal -> request(kind.status));
            } catch (IllegalArgumentException takenOrUnknown) {
                // The system's own way to end the program stays.
            }
        }
    }

    /** What ends the work that goes on. */
    public synchronized void onRequest(Runnable action) {
        cancel = action;
        if (status != 0) {
            action.run();
        }
    }

    /**
     * Does work that writes nothing and cannot be cancelled, such as reading a model: a request in the meantime ends the
     * process at once.
     */
    public <T> T atOnce(Supplier<T> work) {
        check();
        hurry(true);
        try {
            return work.get();
        } finally {
            hurry(false);
        }
    }

    private synchronized void hurry(boolean now) {
        atOnce = now;
    }

    synchronized void request(int newStatus) {
        if (atOnce) {
            Runtime.getRuntime().halt(newStatus);
        }
        if (status != 0) {
            // Asked twice. ONNX Runtime's own hook would pull the ground from under a run, halting skips it.
            Runtime.getRuntime().halt(status);
        }
        status = newStatus;
        cancel.run();
        Thread watch = new Thread(this::haltLater, "stop");
        watch.setDaemon(true);
        watch.start();
    }

    private void haltLater() {
        try {
            Thread.sleep(PATIENCE_MILLISECONDS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            if (noticed) {
                return;
            }
        }
        Runtime.getRuntime().halt(status());
    }

    /** The work has ended, and what is done is written, for as long as that takes. Who cannot wait asks again. */
    public synchronized void noticed() {
        noticed = true;
    }

    /** 0 as long as nobody asked. */
    public synchronized int status() {
        return status;
    }

    /** Throws where somebody asked to stop. */
    public void check() {
        if (status() != 0) {
            noticed();
            throw new CancellationException("stopped");
        }
    }
}
