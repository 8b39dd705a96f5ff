package dev.vitrine.app;

import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.study.mistake.Mistake;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code vitrine demo}: explains pictures and digits that come with the program, by networks that come with it. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Explains a picture and a digit that come with the program.",
        description = {
            "%nNeeds nothing: the networks zf-caltech (32 kinds of things) and mnist-cnn (digits) come with the program, and"
                    + " so do the pictures. Writes the pictures and two pages that explain them.%n",
            "  vitrine demo",
            "  vitrine demo --out tour%n"
        })
final class DemoCommand implements Callable<Integer> {
    private static final String NETWORK = "zf-caltech";

    /** It is a cup to people; the network is misled by what stands in it. */
    private static final String MISTAKEN = "figurine-cup.jpg";

    private static final String MISTAKEN_CLASS = "cup";
    private static final List<String> PHOTOS = List.of(
            "sunflower.jpg",
            "leopard.jpg",
            "grand-piano.jpg",
            "ketch.jpg",
            "starfish.jpg",
            "cup.jpg",
            "face.jpg",
            MISTAKEN);
    private static final List<String> DIGITS = List.of("two.png", "five.png", "eight.png");

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FOLDER",
            defaultValue = "demo",
            description = "Where to write. Default: ${DEFAULT-VALUE}.")
    private Path out;

    private final Terminal terminal;
    private final Stop stop;

    DemoCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        try (Claim claim = OutputFolder.take(out, terminal)) {
            return explainAll();
        }
    }

    private int explainAll() {
        int photos = explain("photos", PHOTOS, NETWORK);
        if (photos != 0) {
            return photos;
        }
        mistake().ifPresent(sentence -> terminal.out().println(MISTAKEN + ": " + sentence));
        int digits = explain("digits", DIGITS, "mnist-cnn");
        if (digits != 0) {
            return digits;
        }
        terminal.out().println();
        terminal.out()
                .println(
                        "zf-caltech knows 32 kinds of things, mnist-cnn the digits; both can be wrong. Open in a browser:");
        terminal.out().println("  " + page("photos"));
        terminal.out().println("  " + page("digits"));
        terminal.out().println("Then try: vitrine explain YOUR-PHOTO.jpg, or vitrine --help");
        return 0;
    }

    /** What misled the network, of a picture that it gets wrong. */
    private Optional<String> mistake() {
        try (Runner runner = new OnnxRuntimeRunner();
                ModelSession session = new ModelSession(new ModelLoader(runner).load(Path.of(NETWORK)), runner)) {
            return Mistake.of(
                            session,
                            Attributions.find("grad-cam").standard(),
                            PictureReader.read(out.resolve("photos").resolve(MISTAKEN)),
                            session.model().labels().find(MISTAKEN_CLASS))
                    .map(Mistake::sentence);
        }
    }

    private Path page(String kind) {
        return out.resolve(kind + "-explained")
                .resolve("index.html")
                .toAbsolutePath()
                .normalize();
    }

    private int explain(String kind, List<String> names, String model) {
        List<String> arguments = new ArrayList<>(List.of("explain"));
        for (String name : names) {
            Path file = out.resolve(kind).resolve(name);
            OutputFile.write(file, resource(name));
            arguments.add(file.toString());
        }
        arguments.addAll(List.of(
                "--model", model, "--out", out.resolve(kind + "-explained").toString()));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Terminal aside = new Terminal(
                new PrintStream(said, true, StandardCharsets.UTF_8),
                terminal.err(),
                terminal.liveliness(),
                terminal.columns());
        int status = Vitrine.run(aside, stop, arguments.toArray(String[]::new));
        List<String> lines = said.toString(StandardCharsets.UTF_8).lines().toList();
        for (String name : names) {
            // The likeliest class stands below the picture's name.
            int at = lines.indexOf(name);
            if (at >= 0 && at + 1 < lines.size()) {
                terminal.out().println(String.format(Locale.ROOT, "%-17s%s", name, lines.get(at + 1)));
            }
        }
        return status;
    }

    private static byte[] resource(String name) {
        try (InputStream stream = DemoCommand.class.getResourceAsStream("demo/" + name)) {
            if (stream == null) {
                throw new IllegalStateException("no resource demo/" + name);
            }
            return stream.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
