package dev.vitrine.study.explanation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * Draws and writes files while the network runs, one thread per core. The queue is short, so that memory stays bounded;
 * the first failure is thrown to the next caller.
 */
final class Drawings implements AutoCloseable {
    /** A longer queue would exceed the memory limit. */
    private static final int MOST_THREADS = 4;

    private static final int THREADS =
            Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());

    private final ExecutorService workers = Executors.newFixedThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "drawing");
        thread.setDaemon(true);
        return thread;
    });
    private final Deque<Future<?>> unfinished = new ArrayDeque<>();

    /** Queues a drawing; blocks while too many are pending. */
    <T> Future<T> begin(Callable<T> drawing) {
        while (unfinished.size() >= 2 * THREADS
                || !unfinished.isEmpty() && unfinished.peek().isDone()) {
            result(unfinished.remove());
        }
        FutureTask<T> task = new FutureTask<>(drawing);
        workers.execute(task);
        unfinished.add(task);
        return task;
    }

    /** The result of a drawing, once finished, or its failure. */
    static <T> T result(Future<T> drawing) {
        try {
            return drawing.get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof Error error) {
                throw error;
            }
            if (failure.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException(failure.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a picture was drawn", e);
        }
    }

    /** Cancels pending drawings and waits for running ones. */
    @Override
    public void close() {
        unfinished.forEach(drawing -> drawing.cancel(false));
        unfinished.clear();
        workers.shutdown();
        try {
            workers.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
