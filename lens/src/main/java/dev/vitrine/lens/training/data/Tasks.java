package dev.vitrine.lens.training.data;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Waits for work on other threads and rethrows its exceptions. */
final class Tasks {
    private Tasks() {}

    static <T> void all(ExecutorService pool, List<Callable<T>> work) {
        List<Future<T>> futures = work.stream().map(pool::submit).toList();
        try {
            futures.forEach(Tasks::result);
        } finally {
            futures.forEach(future -> future.cancel(false));
        }
    }

    static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (failed.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CancellationException("stopped");
        }
    }
}
