package dev.vitrine.app.terminal;

import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import sun.misc.Signal;

/**
 * Shuts the program down cleanly on a signal: running work is cancelled, files being written are completed or removed,
 * and finished files stay.
 */
public final class Stop {
    private static final int PATIENCE_MILLISECONDS = 15_000;

    /** A signal with the exit status that shells report for it: 128 plus its number. */
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

    /** Handles Ctrl-C and similar signals. */
    public void listen() {
        for (Kind kind : Kind.values()) {
            try {
                Signal.handle(new Signal(kind.name()), signal -> request(kind.status));
            } catch (IllegalArgumentException takenOrUnknown) {
                // The system's default handling remains.
            }
        }
    }

    /** Sets the action that cancels the current work. */
    public synchronized void onRequest(Runnable action) {
        cancel = action;
        if (status != 0) {
            action.run();
        }
    }

    /**
     * Runs work that writes nothing and cannot be cancelled, such as reading a model: a signal in the meantime ends the
     * process immediately.
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
            // Second signal: halting skips ONNX Runtime's shutdown hook, which would destroy a session in use.
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

    /** Called when the work has ended: waits until finished results are written. A second signal ends the process. */
    public synchronized void noticed() {
        noticed = true;
    }

    /** The exit status; 0 if no signal was received. */
    public synchronized int status() {
        return status;
    }

    /** Throws if a signal was received. */
    public void check() {
        if (status() != 0) {
            noticed();
            throw new CancellationException("stopped");
        }
    }
}
