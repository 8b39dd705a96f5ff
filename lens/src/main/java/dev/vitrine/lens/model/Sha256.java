package dev.vitrine.lens.model;

import dev.vitrine.engine.onnx.FileStamp;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.model.input.ModelInput;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * SHA-256 of a model's file in hexadecimal, available as {@code toString()}; for a model with external weight files,
 * SHA-256 of the hexadecimal hashes of all its files, one per line. It is computed on another thread, since a large
 * file takes seconds; reading the text waits for it.
 */
public final class Sha256 {
    private final CompletableFuture<String> text;

    private Sha256(CompletableFuture<String> text) {
        this.text = text;
    }

    /** The hash of a file as it is now; reading the text fails if the file changed while being read. */
    static Sha256 of(Path file) {
        FileStamp stamp = FileStamp.of(file);
        return later(() -> digest(stamp));
    }

    static Sha256 of(ByteBuffer bytes) {
        return later(() -> Digest.of(bytes));
    }

    /** The hash including the model's external files, in this order; unchanged if there are none. */
    Sha256 with(List<Path> files) {
        if (files.isEmpty()) {
            return this;
        }
        List<FileStamp> stamps = files.stream().map(FileStamp::of).toList();
        return later(() -> {
            StringBuilder all = new StringBuilder(toString());
            stamps.forEach(stamp -> all.append('\n').append(digest(stamp)));
            return Digest.of(all.toString());
        });
    }

    /** The hash including the chosen input and feeds, which distinguishes results of one file. */
    Sha256 with(ModelInput input) {
        return new Sha256(text.thenApply(input::fingerprint));
    }

    /** A known hash. */
    public static Sha256 known(String text) {
        return new Sha256(CompletableFuture.completedFuture(text));
    }

    private static String digest(FileStamp stamp) {
        String digest = Digest.of(stamp.file());
        stamp.requireUnchanged();
        return digest;
    }

    private static Sha256 later(Supplier<String> work) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        text.complete(work.get());
                    } catch (RuntimeException | Error e) {
                        text.completeExceptionally(e);
                    }
                },
                "sha256");
        thread.setDaemon(true);
        thread.start();
        return new Sha256(text);
    }

    @Override
    public String toString() {
        try {
            return text.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other == this || other instanceof Sha256 found && toString().equals(found.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }
}
