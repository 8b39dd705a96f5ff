package dev.vitrine.lens.model.zoo;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/** Reads a stream that may fall silent: it is closed when nothing came for too long, or when somebody asks to stop. */
final class Silence implements AutoCloseable {
    private static final long POLL_MILLISECONDS = 100;

    private final InputStream stream;
    private final Duration patience;
    private final Watch watch;
    private final Thread guard;
    private volatile long last = System.nanoTime();
    private volatile boolean tooLong;
    private volatile boolean done;

    Silence(InputStream stream, Duration patience, Watch watch) {
        this.stream = stream;
        this.patience = patience;
        this.watch = watch;
        this.guard = new Thread(this::guard, "download");
        guard.setDaemon(true);
        guard.start();
    }

    private void guard() {
        while (!done) {
            tooLong = System.nanoTime() - last > patience.toNanos();
            if (tooLong || watch.isStopped()) {
                try {
                    stream.close();
                } catch (IOException nothingToLose) {
                    // The reader hears of it.
                }
                return;
            }
            try {
                Thread.sleep(POLL_MILLISECONDS);
            } catch (InterruptedException ended) {
                return;
            }
        }
    }

    /** As {@link InputStream#read(byte[])}. */
    int read(byte[] buffer) throws Interruption {
        try {
            int count = stream.read(buffer);
            last = System.nanoTime();
            requireOpen();
            return count;
        } catch (IOException failure) {
            requireOpen();
            throw new Interruption(Download.words(failure));
        }
    }

    private void requireOpen() throws Interruption {
        if (watch.isStopped()) {
            throw new CancellationException("stopped");
        }
        if (tooLong) {
            throw new Interruption("nothing came for " + patience.toSeconds() + " s");
        }
    }

    @Override
    public void close() {
        done = true;
        guard.interrupt();
    }
}
