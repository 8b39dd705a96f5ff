package dev.vitrine.lens.model.card;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.data.RegularFile;
import dev.vitrine.lens.data.Resampling;
import dev.vitrine.lens.data.TextFile;
import dev.vitrine.lens.model.head.Activation;
import dev.vitrine.lens.model.head.BoxFormat;
import dev.vitrine.lens.model.head.HeadKind;
import dev.vitrine.lens.model.head.OutputCard;
import dev.vitrine.lens.model.input.CardInputs;
import dev.vitrine.lens.model.input.Feed;
import dev.vitrine.lens.model.input.PictureInput;
import dev.vitrine.lens.model.label.Labels;
import dev.vitrine.lens.model.preprocessing.ChannelOrder;
import dev.vitrine.lens.model.preprocessing.Fit;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Normalization;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/** Finds, reads and guesses model cards. */
public final class ModelCards {
    /** Height and width if neither the file nor the user gives them. */
    static final int USUAL_SIZE = 224;

    private record BuiltIn(String name, long bytes, String sha256) {}

    private static final List<BuiltIn> BUILT_IN = List.of(
            new BuiltIn("tiny-darknet", 4197562, "49e79dbd35970d125cdcfadac00bd514cc1f4b1e42018249e5af3270bd7bbabb"),
            new BuiltIn(
                    "squeezenet-caltech101",
                    3107442,
                    "c5550c9dfe2de6ad378a252552751b4e83d2c3b957a156eb976fd7b37632d399"),
            new BuiltIn(
                    "cifar10-resnet20", 1092491, "d4d27b4cede86987641f9db02c4ef9e414a93fd10da49bf17833435328b249b9"));

    private ModelCards() {}

    /**
     * The card of a model: {@code NAME.yaml}, {@code NAME.yml} or {@code NAME.onnx.yaml} beside it; else the built-in
     * card for a file with these bytes or this name; else a {@link #guess}.
     *
     * @param input type of the model's picture input
     */
    public static ModelCard find(Path model, TensorType input) {
        return find(model, PictureInput.of(input), Set.of());
    }

    /**
     * The same, with more known.
     *
     * @param given keys of the section {@code input}, and {@code labels}, set by the user: nothing is guessed for them
     */
    public static ModelCard find(Path model, PictureInput input, Set<String> given) {
        Optional<Path> beside = beside(model);
        if (beside.isPresent()) {
            return read(beside.get(), input, given);
        }
        Optional<BuiltIn> known = BUILT_IN.stream()
                .filter(card -> card.bytes == size(model) && card.sha256.equals(Digest.of(model)))
                .findFirst();
        if (known.isPresent()) {
            return builtIn(known.get().name, input);
        }
        for (BuiltIn card : BUILT_IN) {
            if (card.name.equals(stem(model))) {
                try {
                    return noted(
                            builtIn(card.name, input),
                            "The built-in card '" + card.name + "' was selected by the file's name; the file"
                                    + " differs from"
                                    + " the one it was written for. " + override(model));
                } catch (VitrineException otherNetwork) {
                    break;
                }
            }
        }
        return guess(model, input, given);
    }

    /**
     * What the card beside a model specifies about its inputs before they are examined: the keys {@code input.name} and
     * {@code feeds}.
     */
    public static CardInputs inputs(Path model) {
        return beside(model).map(ModelCards::inputsOf).orElse(CardInputs.NONE);
    }

    /** The same for a given card. */
    public static CardInputs inputsOf(Path card) {
        YamlNode root = YamlNode.parse(card.toString(), TextFile.read(card, "a model card in YAML"));
        YamlNode feeds = root.child("feeds");
        Map<String, Feed> all = new LinkedHashMap<>();
        for (String name : feeds.keys()) {
            String text = feeds.scalar(name, "a number, or the path of an .npy file");
            all.put(name, Feed.ofCard(card + ", key 'feeds." + name + "'", text, card.resolveSibling("")));
        }
        return new CardInputs(root.child("input").text("name"), all);
    }

    private static Optional<Path> beside(Path model) {
        String stem = stem(model);
        return List.of(stem + ".yaml", stem + ".yml", model.getFileName() + ".yaml", model.getFileName() + ".yml")
                .stream()
                .map(model::resolveSibling)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static String stem(Path model) {
        String name = model.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    /** Names of the built-in cards. */
    public static List<String> builtInNames() {
        return BUILT_IN.stream().map(BuiltIn::name).toList();
    }

    /** The card of this name that comes with the program. */
    public static ModelCard builtIn(String name, TensorType input) {
        return builtIn(name, PictureInput.of(input));
    }

    /** The same, with more known about the input. */
    public static ModelCard builtIn(String name, PictureInput input) {
        return parse(
                name,
                name + ".yaml",
                resource(name + ".yaml"),
                input,
                card -> labels(card, labels -> Labels.parse(labels, resource(labels))));
    }

    private static String resource(String name) {
        try (InputStream stream = ModelCards.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Reads a card; omitted keys are taken from the input's type, or are neutral (no mean, no deviation). */
    public static ModelCard read(Path card, TensorType input) {
        return read(card, PictureInput.of(input));
    }

    /** The same, with more known about the input. */
    public static ModelCard read(Path card, PictureInput input) {
        return read(card, input, Set.of());
    }

    /**
     * The same, with more known.
     *
     * @param given {@code labels} if set by the user: the card's own, which must be in its folder, are then ignored
     */
    public static ModelCard read(Path card, PictureInput input, Set<String> given) {
        String text = TextFile.read(card, "a model card in YAML");
        Function<YamlNode, Labels> labels =
                given.contains("labels") ? node -> Labels.NONE : node -> labels(node, name -> labelsBeside(card, name));
        return parse(stem(card), card.toString(), text, input, labels);
    }

    private static Labels labelsBeside(Path card, String labels) {
        Path file = card.resolveSibling(labels);
        if (!RegularFile.liesIn(card.resolveSibling(""), file)) {
            throw VitrineException.failure(card + ", key 'labels': found '" + labels + "', which is outside the card's"
                    + " folder; expected a file in or below it. Move it there, or name it with --labels.");
        }
        return Labels.read(file);
    }

    /**
     * The preprocessing from a card's section {@code input}; omitted keys are taken from the input's type, or are
     * neutral.
     *
     * @param file names the file in errors
     */
    public static Preprocessing preprocessing(String file, YamlNode section, TensorType type) {
        return preprocessing(file, section, PictureInput.of(type));
    }

    private static Preprocessing preprocessing(String file, YamlNode section, PictureInput input) {
        section.allowing(
                "name",
                "size",
                "width",
                "height",
                "fit",
                "resize",
                "resampling",
                "channels",
                "display",
                "layout",
                "range",
                "mean",
                "deviation");
        if (!input.isPicture()) {
            return asItIs();
        }
        Preprocessing preprocessing;
        try {
            preprocessing = preprocessing(section, input);
        } catch (IllegalArgumentException contradiction) {
            throw VitrineException.failure(file + ", key 'input': " + contradiction.getMessage(), contradiction);
        }
        input.require(file, preprocessing);
        return preprocessing;
    }

    private static ModelCard parse(
            String name, String file, String text, PictureInput input, Function<YamlNode, Labels> labels) {
        YamlNode card = YamlNode.parse(file, text)
                .allowing(
                        "name",
                        "description",
                        "license",
                        "input",
                        "feeds",
                        "labels",
                        "ids",
                        "output",
                        "head",
                        "activation",
                        "boxes",
                        "objectness",
                        "normalized",
                        "background");
        Preprocessing preprocessing = preprocessing(file, card.child("input"), input);
        return new ModelCard(
                card.text("name").orElse(name),
                preprocessing,
                labels.apply(card),
                output(card),
                card.text("license").orElse(""),
                card.text("description").orElse(""),
                List.of());
    }

    private static OutputCard output(YamlNode card) {
        return new OutputCard(
                card.word("output"),
                card.choice("head", HeadKind.class),
                card.choice("activation", Activation.class),
                card.choice("boxes", BoxFormat.class),
                card.truth("objectness"),
                card.truth("normalized"),
                card.whole("background", 0),
                OutputCard.NONE.region());
    }

    private static Preprocessing preprocessing(YamlNode section, PictureInput input) {
        if (section.has("size") && (section.has("width") || section.has("height"))) {
            throw section.wrong("size", "it beside width or height", "either size, or width and height");
        }
        Optional<Integer> size = section.size("size");
        int width = size.or(() -> section.size("width")).orElseGet(() -> fixed(section, "width", input.width()));
        int height = size.or(() -> section.size("height")).orElseGet(() -> fixed(section, "height", input.height()));
        ChannelOrder channels = channels(section, input);
        Fit fit = section.choice("fit", Fit.class).orElse(Fit.CROP);
        int count = channels.count();
        List<Double> range =
                section.numbers("range", 2).orElse(List.of(0.0, input.white().orElse(1)));
        return new Preprocessing(
                width,
                height,
                fit,
                section.size("resize").orElse(Math.min(width, height)),
                section.choice("resampling", Resampling.class).orElse(Resampling.BILINEAR),
                channels,
                section.choice("layout", Layout.class).orElse(input.layout().orElse(Layout.NCHW)),
                new Normalization(
                        range.get(0),
                        range.get(1),
                        section.numbers("mean", count).orElse(Collections.nCopies(count, 0.0)),
                        section.numbers("deviation", count).orElse(Collections.nCopies(count, 1.0))));
    }

    private static ChannelOrder channels(YamlNode section, PictureInput input) {
        ChannelOrder order = section.has("channels")
                ? ChannelOrder.find(section.scalar("channels", ChannelOrder.EXPECTED))
                        .orElseThrow(
                                () -> section.wrong("channels", section.describe("channels"), ChannelOrder.EXPECTED))
                : ChannelOrder.of(input.channels().orElse(3));
        return section.numbers("display")
                .map(shown ->
                        order.withShown(shown.stream().map(Double::intValue).toList()))
                .orElse(order);
    }

    private static int fixed(YamlNode section, String key, OptionalInt size) {
        return size.orElseThrow(() -> section.wrong(
                key, "nothing, and the model's input leaves it open", "an integer of at least 1, or the key 'size'"));
    }

    private static Labels labels(YamlNode card, Function<String, Labels> files) {
        Labels labels = named(card, files);
        if (!card.has("ids")) {
            return labels;
        }
        List<String> ids = card.names("ids").orElse(List.of());
        if (ids.size() != labels.size()) {
            throw card.wrong("ids", card.describe("ids"), "a list with one per label, " + labels.size() + " in all");
        }
        return new Labels(labels.names(), ids);
    }

    private static Labels named(YamlNode card, Function<String, Labels> files) {
        if (!card.has("labels")) {
            return Labels.NONE;
        }
        Optional<List<String>> names = card.names("labels");
        if (names.isPresent()) {
            return Labels.of(names.get());
        }
        String expected = "the path of a .txt or .tsv file, or a list of names";
        String path = card.text("labels", expected).orElseThrow();
        if (path.isBlank()) {
            throw card.wrong("labels", "no name", expected);
        }
        try {
            return files.apply(path);
        } catch (InvalidPathException noPath) {
            throw card.wrong("labels", card.describe("labels"), expected);
        }
    }

    /**
     * What most networks expect: size and layout of the model's input ({@value #USUAL_SIZE} if open), center crop,
     * bilinear, 0..1, and for colors ImageNet's mean and deviation. The notes say what was guessed.
     */
    public static ModelCard guess(Path model, TensorType type) {
        return guess(model, PictureInput.of(type), Set.of());
    }

    private static ModelCard guess(Path model, PictureInput input, Set<String> given) {
        Guess guess = new Guess(input, given);
        List<String> notes = new ArrayList<>(guess.notes());
        if (!given.contains("labels")) {
            notes.add("There are no class names.");
        }
        if (!notes.isEmpty()) {
            notes.add(input.isPicture() ? override(model) : naming(model));
        }
        List<String> one = notes.isEmpty() ? List.of() : List.of(String.join(" ", notes));
        Preprocessing preprocessing = input.isPicture() ? guess.preprocessing() : asItIs();
        return new ModelCard(stem(model), preprocessing, Labels.NONE, OutputCard.NONE, "", "", one);
    }

    /** An input that is not a picture takes its values unchanged. */
    private static Preprocessing asItIs() {
        return new Preprocessing(
                1, 1, Fit.SQUASH, Resampling.BILINEAR, ChannelOrder.GRAY, Layout.NCHW, Normalization.range(0, 1, 1));
    }

    private static String override(Path model) {
        return "To change this, give options such as --mean and --labels, or write the card " + stem(model)
                + ".yaml beside the model (its keys: see --card in --help).";
    }

    private static String naming(Path model) {
        return "To name classes, give --labels, or write " + stem(model)
                + ".yaml beside the model with the key labels.";
    }

    private static ModelCard noted(ModelCard card, String note) {
        return card.withNotes(List.of(note));
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException failure) {
            throw unreadable(file, failure);
        }
    }

    private static VitrineException unreadable(Path file, IOException failure) {
        return VitrineException.failure(
                file + ": cannot be read (" + failure.getClass().getSimpleName() + "); expected an ONNX model",
                failure);
    }
}
