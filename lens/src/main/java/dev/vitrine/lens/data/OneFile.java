package dev.vitrine.lens.data;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.FileProblem;
import java.nio.file.InvalidPathException;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/** The end of what one file can do to a run: whatever its reader throws becomes a failure that names the file. */
public final class OneFile {
    private OneFile() {}

    /**
     * What a reader makes of a file.
     *
     * @param name of the file
     * @throws VitrineException as the reader throws it, or for any other problem of the reader
     */
    public static <T> T guarded(String name, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (VitrineException | CancellationException known) {
            throw known;
        } catch (OutOfMemoryError tooSmall) {
            throw VitrineException.failure(
                    name + ": reading it needs more memory than the "
                            + (Runtime.getRuntime().maxMemory() >> 20)
                            + " MiB that Java may use. Shrink it, or give Java more with -Xmx.",
                    tooSmall);
        } catch (StackOverflowError tooDeep) {
            throw VitrineException.failure(
                    name + ": its parts are nested too deep to be read. Open it in the program that made it and save it"
                            + " again.",
                    tooDeep);
        } catch (LinkageError missing) {
            throw VitrineException.failure(
                    name + ": a kind of file for which there is no decoder on this machine ("
                            + System.getProperty("os.name") + " " + System.getProperty("os.arch")
                            + "). Convert it to PNG or JPEG.",
                    missing);
        } catch (InvalidPathException other) {
            throw FileProblem.name(other);
        } catch (RuntimeException damaged) {
            throw VitrineException.failure(
                    name + ": damaged, edited or of a kind not supported (" + RegularFile.reason(damaged)
                            + "). Make it again, or copy it anew.",
                    damaged);
        }
    }
}
