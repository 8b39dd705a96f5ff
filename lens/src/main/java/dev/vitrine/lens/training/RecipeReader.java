package dev.vitrine.lens.training;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.lens.data.TextFile;
import dev.vitrine.lens.model.EmbeddedModels;
import dev.vitrine.lens.model.card.ModelCards;
import dev.vitrine.lens.model.card.YamlNode;
import dev.vitrine.lens.model.preprocessing.ChannelOrder;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.setting.DeclaredSetting;
import dev.vitrine.lens.setting.Settings;
import dev.vitrine.lens.training.data.Augmentation;
import dev.vitrine.lens.training.data.Orders;
import dev.vitrine.lens.training.network.Layer;
import dev.vitrine.lens.training.step.AdamW;
import dev.vitrine.lens.training.step.Distillation;
import dev.vitrine.lens.training.step.Optimizer;
import dev.vitrine.lens.training.step.Schedule;
import dev.vitrine.lens.training.step.Sgd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Reads recipes; an error names file and key. */
public final class RecipeReader {
    private static final long MEGABYTE = 1 << 20;

    private final Path file;
    private final YamlNode root;
    private final String text;

    private RecipeReader(Path file, String text) {
        this.file = file;
        this.text = text;
        this.root = YamlNode.parse(file.toString(), text)
                .allowing(
                        "name",
                        "description",
                        "license",
                        "input",
                        "network",
                        "head",
                        "start",
                        "data",
                        "augmentation",
                        "optimizer",
                        "schedule",
                        "loss",
                        "teacher",
                        "epochs",
                        "batch",
                        "seed",
                        "filter-radius",
                        "checkpoints");
    }

    public static Recipe read(Path file) {
        return parse(file, TextFile.read(file, "a recipe in YAML"));
    }

    /** @param file names the recipe in errors; relative paths are resolved against its folder */
    static Recipe parse(Path file, String text) {
        return new RecipeReader(file, text).recipe();
    }

    private Recipe recipe() {
        String stem = file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
        return new Recipe(
                root.text("name").orElse(stem),
                root.text("description").orElse(""),
                root.text("license").orElse(""),
                origin(),
                data(),
                augmentation(),
                plan(),
                text);
    }

    private Recipe.Origin origin() {
        if (root.has("network") == root.has("start")) {
            throw root.wrong(
                    "network",
                    root.has("start") ? "it beside 'start'" : "neither it nor 'start'",
                    "one of both: the layers of a new network, or the model to start from");
        }
        if (root.has("start")) {
            YamlNode start = root.child("start").allowing("model", "train-from", "head");
            return new Recipe.Origin.Model(
                    model(required(start, "model")),
                    start.text("train-from"),
                    start.choice("head", Recipe.Head.class).orElse(Recipe.Head.KEPT));
        }
        YamlNode input = root.child("input");
        int channels = channels(input).count();
        TensorType open = new TensorType(
                ElementType.FLOAT32,
                List.of(Dimension.UNKNOWN, Dimension.of(channels), Dimension.UNKNOWN, Dimension.UNKNOWN));
        Preprocessing preprocessing = ModelCards.preprocessing(file.toString(), input, open);
        Recipe.Origin.New network = new Recipe.Origin.New(
                preprocessing,
                root.list("network").stream().map(RecipeReader::layer).toList(),
                root.text("head").orElse("classes"));
        // Whether layers fit together does not depend on the number of classes.
        checked("network", () -> network.graph(2, new SplittableRandom()));
        return network;
    }

    private static ChannelOrder channels(YamlNode input) {
        if (!input.has("channels")) {
            return ChannelOrder.RGB;
        }
        String expected = "one of rgb, bgr, gray; training takes pictures of colors";
        return ChannelOrder.find(input.scalar("channels", expected))
                .filter(ChannelOrder::isOfColors)
                .orElseThrow(() -> input.wrong("channels", input.describe("channels"), expected));
    }

    private static Layer layer(YamlNode node) {
        List<String> keys = node.keys();
        if (keys.size() != 1) {
            throw node.wrong(
                    keys.isEmpty() ? "conv" : keys.get(1), keys.size() + " keys", "one layer an entry of the list");
        }
        node.allowing(
                "conv", "relu", "max-pool", "mean-pool", "local-response", "batch-norm", "dropout", "full", "residual");
        String kind = keys.get(0);
        YamlNode layer = node.child(kind);
        return switch (kind) {
            case "conv" -> convolution(layer);
            case "max-pool" -> maxPool(layer);
            case "local-response" -> localResponse(layer);
            case "dropout" -> dropout(layer);
            case "full" -> full(layer);
            case "residual" -> residual(layer);
            case "relu" -> plain(layer, new Layer.Relu());
            case "mean-pool" -> plain(layer, new Layer.MeanPool());
            default -> plain(layer, new Layer.BatchNormalization());
        };
    }

    private static Layer plain(YamlNode node, Layer layer) {
        node.allowing();
        return layer;
    }

    private static Layer convolution(YamlNode layer) {
        layer.allowing("name", "filters", "size", "stride", "pad", "spread");
        double spread = layer.number("spread").orElse(1.0);
        if (!(spread > 0)) {
            throw layer.wrong("spread", Double.toString(spread), "a positive factor");
        }
        return new Layer.Convolution(
                required(layer, "name"),
                layer.size("filters").orElseThrow(() -> missing(layer, "filters")),
                layer.size("size").orElseThrow(() -> missing(layer, "size")),
                layer.size("stride").orElse(1),
                layer.whole("pad", 0).orElse(0),
                spread);
    }

    private static Layer maxPool(YamlNode layer) {
        layer.allowing("size", "stride", "pad");
        int size = layer.size("size").orElseThrow(() -> missing(layer, "size"));
        int pad = layer.whole("pad", 0).orElse(0);
        if (pad >= size) {
            throw layer.wrong("pad", Integer.toString(pad), "less than the size of the window, " + size);
        }
        return new Layer.MaxPool(size, layer.size("stride").orElse(size), pad);
    }

    private static Layer localResponse(YamlNode layer) {
        layer.allowing("size");
        int size = layer.size("size").orElse(5);
        if (size % 2 == 0) {
            throw layer.wrong("size", Integer.toString(size), "an odd number of channels");
        }
        return new Layer.LocalResponse(size);
    }

    private static Layer dropout(YamlNode layer) {
        layer.allowing("ratio");
        double ratio = layer.number("ratio").orElse(0.5);
        if (!(ratio >= 0 && ratio < 1)) {
            throw layer.wrong("ratio", Double.toString(ratio), "a share from 0 to below 1");
        }
        return new Layer.Dropout(ratio);
    }

    private static Layer full(YamlNode layer) {
        layer.allowing("name", "units");
        return new Layer.Full(required(layer, "name"), layer.size("units").orElseThrow(() -> missing(layer, "units")));
    }

    private static Layer residual(YamlNode layer) {
        layer.allowing("name", "layers");
        return new Layer.Residual(
                required(layer, "name"),
                layer.list("layers").stream().map(RecipeReader::layer).toList());
    }

    private Recipe.Data data() {
        YamlNode data = root.child("data")
                .allowing("pictures", "labels-file", "classes", "labels", "held-out", "stored", "memory");
        List<Path> paths = new ArrayList<>();
        data.text("pictures").ifPresent(pictures -> paths.add(path(pictures)));
        data.text("labels-file").ifPresent(labels -> paths.add(path(labels)));
        double heldOut = data.number("held-out").orElse(0.2);
        if (!(heldOut > 0 && heldOut < 1)) {
            throw data.wrong("held-out", Double.toString(heldOut), "a share above 0 and below 1");
        }
        return new Recipe.Data(
                paths,
                data.names("classes").orElse(List.of()),
                data.names("labels").orElse(List.of()),
                heldOut,
                data.whole("stored", 0).orElse(0),
                data.whole("memory", 0).orElse(512) * MEGABYTE);
    }

    /**
     * Settings by key, the default where a key is omitted.
     *
     * @param others keys of the same mapping
     */
    private static <T> T settings(YamlNode node, T standard, String... others) {
        List<String> keys = new ArrayList<>(List.of(others));
        List<DeclaredSetting> declared = Settings.of(standard.getClass());
        declared.forEach(setting -> keys.add(setting.name()));
        node.allowing(keys.toArray(String[]::new));
        T result = standard;
        for (DeclaredSetting setting : declared) {
            Optional<?> value = setting.type().isEnum() ? choice(node, setting) : node.number(setting.name());
            if (value.isPresent()) {
                result = Settings.with(result, setting.name(), value.get());
            }
        }
        return result;
    }

    private static Optional<?> choice(YamlNode node, DeclaredSetting setting) {
        return node.choice(setting.name(), setting.type().asSubclass(Enum.class));
    }

    private Augmentation augmentation() {
        return checked("augmentation", () -> settings(root.child("augmentation"), Augmentation.NONE));
    }

    private Optional<Recipe.Teacher> teacher() {
        if (!root.has("teacher")) {
            return Optional.empty();
        }
        YamlNode node = root.child("teacher");
        Distillation distillation = checked("teacher", () -> settings(node, Distillation.USUAL, "model", "size"));
        return Optional.of(new Recipe.Teacher(
                model(required(node, "model")),
                node.size("size").map(OptionalInt::of).orElseGet(OptionalInt::empty),
                distillation));
    }

    private enum OptimizerKind {
        SGD,
        ADAMW
    }

    private Optimizer optimizer() {
        YamlNode node = root.child("optimizer");
        return switch (node.choice("kind", OptimizerKind.class).orElse(OptimizerKind.SGD)) {
            case SGD -> settings(node, Sgd.USUAL, "kind", "rate");
            case ADAMW -> {
                List<Double> betas = node.numbers("betas", 2).orElse(List.of(AdamW.USUAL.beta1(), AdamW.USUAL.beta2()));
                AdamW usual = AdamW.USUAL;
                yield settings(
                        node,
                        new AdamW(betas.get(0), betas.get(1), usual.epsilon(), usual.weightDecay()),
                        "kind",
                        "rate",
                        "betas");
            }
        };
    }

    private enum ScheduleKind {
        CONSTANT,
        STEP,
        COSINE,
        ONECYCLE
    }

    private Schedule schedule() {
        YamlNode node = root.child("schedule").allowing("kind", "warmup", "rise", "milestones", "factor");
        return switch (node.choice("kind", ScheduleKind.class).orElse(ScheduleKind.CONSTANT)) {
            case CONSTANT -> new Schedule.Step(List.of(), 1);
            case STEP ->
                new Schedule.Step(
                        node.numbers("milestones").orElse(List.of(0.5, 0.75)),
                        node.number("factor").orElse(0.1));
            case COSINE -> new Schedule.Cosine(node.number("warmup").orElse(0.0));
            case ONECYCLE -> new Schedule.OneCycle(node.number("rise").orElse(0.3));
        };
    }

    private Recipe.Plan plan() {
        YamlNode loss = root.child("loss").allowing("smoothing", "balance", "orders");
        double rate =
                root.child("optimizer").number("rate").orElseThrow(() -> missing(root.child("optimizer"), "rate"));
        if (!(rate > 0)) {
            throw root.child("optimizer").wrong("rate", Double.toString(rate), "a positive number");
        }
        List<Integer> checkpoints = root.numbers("checkpoints").orElse(List.of()).stream()
                .map(Double::intValue)
                .toList();
        Optional<Double> radius = root.number("filter-radius");
        return new Recipe.Plan(
                root.size("epochs").orElseThrow(() -> missing(root, "epochs")),
                root.size("batch").orElse(64),
                root.whole("seed", 0).orElse(0),
                checked("optimizer", this::optimizer),
                rate,
                checked("schedule", this::schedule),
                loss.number("smoothing").orElse(0.0),
                loss.number("balance").orElse(0.0),
                teacher(),
                loss.choice("orders", Orders.class).orElse(Orders.NATURAL),
                radius.map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                checkpoints);
    }

    private <T> T checked(String key, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException impossible) {
            throw VitrineException.failure(file + ", key '" + key + "': " + impossible.getMessage(), impossible);
        }
    }

    /** An existing file takes precedence over an included network of that name. */
    private Path model(String text) {
        Path found = path(text);
        return EmbeddedModels.NAMES.contains(text) && !Files.exists(found) ? Path.of(text) : found;
    }

    private Path path(String text) {
        Path path = Path.of(text);
        return path.isAbsolute()
                ? path
                : file.toAbsolutePath().getParent().resolve(path).normalize();
    }

    private static String required(YamlNode node, String key) {
        return node.text(key).orElseThrow(() -> missing(node, key));
    }

    private static VitrineException missing(YamlNode node, String key) {
        return node.wrong(key, "nothing", "a value: it cannot be left out");
    }
}
