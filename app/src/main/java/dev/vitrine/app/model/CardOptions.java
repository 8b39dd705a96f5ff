package dev.vitrine.app.model;

import dev.vitrine.app.setting.DerivedOptions;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.runtime.Device;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.Resampler;
import dev.vitrine.lens.data.Resampling;
import dev.vitrine.lens.model.MemoryNeed;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.model.card.ModelCard;
import dev.vitrine.lens.model.input.Feed;
import dev.vitrine.lens.model.input.InputRequest;
import dev.vitrine.lens.model.label.Labels;
import dev.vitrine.lens.model.preprocessing.ChannelOrder;
import dev.vitrine.lens.model.preprocessing.Fit;
import dev.vitrine.lens.model.preprocessing.Normalization;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** The device of a model, and options that override the input section of its card. */
public final class CardOptions implements DerivedOptions {
    private static final String LABELS = "--labels";

    private static final Pattern SIZE = Pattern.compile("(\\d{1,5})(?:x(\\d{1,5}))?");

    @Option(
            names = "--device",
            paramLabel = "cpu|cuda",
            defaultValue = "cpu",
            description = "Device that runs the network. Default: ${DEFAULT-VALUE}.")
    private Device device;

    @Option(
            names = "--card",
            paramLabel = "FILE",
            description =
                    "Model card (YAML) to use in place of the one beside the model. Keys: name, input (name, size,"
                            + " width, height, fit, resize, resampling, channels, display, layout, range, mean,"
                            + " deviation), feeds,"
                            + " labels, ids, output, activation, head, boxes, normalized, objectness, background.")
    private Optional<Path> card;

    @Option(names = "--size", paramLabel = "N|WxH", description = "Input size in pixels.")
    private Optional<String> size;

    @Option(
            names = "--fit",
            paramLabel = "crop|squash|pad",
            description = "How pictures of another aspect ratio are fitted to the input.")
    private Optional<Fit> fit;

    @Option(
            names = "--resampling",
            paramLabel = "KIND",
            description = "Resampling: nearest, box, bilinear, bicubic or lanczos.")
    private Optional<Resampling> resampling;

    @Option(
            names = "--channels",
            paramLabel = "rgb|bgr|gray|rgba|N",
            description = "Channels of the input: colors in this order, or N channels as the file has them.")
    private Optional<ChannelOrder> channels;

    @Option(names = "--range", paramLabel = "LOW,HIGH", description = "Input values of black and white, such as 0,255.")
    private Optional<String> range;

    @Option(names = "--mean", paramLabel = "M,…", description = "Subtracted from the values, one number per channel.")
    private Optional<String> mean;

    @Option(names = "--deviation", paramLabel = "D,…", description = "Divisor of the values, one number per channel.")
    private Optional<String> deviation;

    @Option(
            names = "--feed",
            paramLabel = "NAME=VALUE",
            description = "Value of another input: a number for all elements, or an array (FILE.npy). Once per input.")
    private List<String> feeds = new ArrayList<>();

    @Mixin
    private OutputOptions output;

    private CommandSpec command;
    private boolean isDeclared;

    @Override
    public void declare(CommandSpec wanting) {
        command = wanting;
        if (wanting.findOption(LABELS) == null) {
            wanting.addOption(OptionSpec.builder(LABELS)
                    .type(Path.class)
                    .paramLabel("FILE")
                    .description("Class names: .txt (one per line) or .tsv (id and name); the first line is class 0.")
                    .build());
            isDeclared = true;
        }
    }

    /** The option for class names; absent from commands with labels of pictures. */
    private Optional<Path> labels() {
        return isDeclared
                ? Optional.ofNullable(command.commandLine().getParseResult().matchedOptionValue(LABELS, null))
                : Optional.empty();
    }

    OnnxRuntimeRunner runner() {
        return new OnnxRuntimeRunner(device);
    }

    /**
     * Opens a model at its own input size, for work at another size: {@code --size} then has the meaning of
     * {@link #fitted}.
     */
    OpenModel openAtOwnSize(Path file, Terminal terminal, Stop stop, Optional<String> input, List<String> notes) {
        return open(file, terminal, stop, request(input), (found, type) -> found.noted(notes), Optional.empty());
    }

    /**
     * A picture at the size of {@code --size}: width and height, or the length of the longer side.
     *
     * @param longest length of the longer side if the option is not given
     */
    Picture fitted(Picture picture, int longest) {
        int[] sides = size.map(CardOptions::sides).orElse(new int[] {longest, 0});
        if (size.isPresent() && size.get().contains("x")) {
            return resized(picture, sides[0], sides[1]);
        }
        double scale = (double) sides[0] / Math.max(picture.width(), picture.height());
        return resized(picture, (int) Math.max(1, Math.round(picture.width() * scale)), (int)
                Math.max(1, Math.round(picture.height() * scale)));
    }

    private static Picture resized(Picture picture, int width, int height) {
        if (width < 1 || height < 1) {
            throw VitrineException.usage("--size: found " + width + "×" + height + " pixels; expected at least 1×1.");
        }
        return picture.width() == width && picture.height() == height
                ? picture
                : Resampler.resize(picture, width, height, Resampling.LANCZOS);
    }

    /** Width and height of {@code --size}, or of the model's input. */
    int[] sides(Model model) {
        return size.map(CardOptions::sides).orElse(new int[] {
            model.preprocessing().width(), model.preprocessing().height()
        });
    }

    /** Opens a model and reports guesses on {@code err}; the picture input is the only candidate. */
    public OpenModel open(Path file, Terminal terminal, Stop stop) {
        return open(file, terminal, stop, Optional.empty(), (found, type) -> found);
    }

    /** Opens a chosen model for pictures, through its only input that takes them. */
    OpenModel open(NamedModel model, Terminal terminal, Stop stop) {
        return open(model.file(), terminal, stop, Optional.empty(), (found, type) -> found.noted(model.notes()));
    }

    /**
     * @param input name of the input; selected by type if absent
     * @param last modifies the card after all options, given the type of the model's input
     */
    OpenModel open(
            Path file,
            Terminal terminal,
            Stop stop,
            Optional<String> input,
            BiFunction<ModelCard, TensorType, ModelCard> last) {
        return open(file, terminal, stop, request(input), last, size);
    }

    /**
     * Opens a model for given tensors.
     *
     * @param input name of the input; selected by type if absent
     * @param shape shape of the tensor, or of one sample; empty if unknown
     * @param last modifies the card after all options, given the type of the model's input
     */
    OpenModel openForTensor(
            Path file,
            Terminal terminal,
            Stop stop,
            Optional<String> input,
            List<Long> shape,
            BiFunction<ModelCard, TensorType, ModelCard> last) {
        return open(file, terminal, stop, request(input).forTensor(shape), last, size);
    }

    private InputRequest request(Optional<String> input) {
        Map<String, Feed> all = new LinkedHashMap<>();
        for (String text : feeds) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw VitrineException.usage("--feed '" + text + "': expected NAME=0.5 or NAME=FILE.npy.");
            }
            String name = text.substring(0, equals).strip();
            Feed feed = Feed.parse("--feed " + name, text.substring(equals + 1));
            if (all.put(name, feed) != null) {
                throw VitrineException.usage("--feed " + name + ": given twice; expected it once.");
            }
        }
        return new InputRequest(InputRequest.Kind.PICTURE, card, input, all, List.of(), given());
    }

    /** Card keys given by options. */
    private Set<String> given() {
        Map<String, Optional<?>> options = Map.of(
                "size", size,
                "fit", fit,
                "resampling", resampling,
                "channels", channels,
                "range", range,
                "mean", mean,
                "deviation", deviation,
                "labels", labels());
        return options.entrySet().stream()
                .filter(option -> option.getValue().isPresent())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private OpenModel open(
            Path file,
            Terminal terminal,
            Stop stop,
            InputRequest request,
            BiFunction<ModelCard, TensorType, ModelCard> last,
            Optional<String> inputSize) {
        OnnxRuntimeRunner runner = runner();
        stop.onRequest(runner::cancel);
        stop.check();
        Model model = stop.atOnce(() -> new ModelLoader(runner)
                .load(file, request, (found, type) -> last.apply(adjusted(found, inputSize), type)));
        MemoryNeed need = MemoryNeed.of(model).require(model.name(), MemoryNeed.machine());
        if (need.isLarge()) {
            terminal.err().println("note: " + model.name() + " needs " + need.words() + ".");
        }
        model.card().notes().forEach(note -> terminal.err().println("note: " + note));
        ModelFacts.headNote(model).ifPresent(note -> terminal.err().println("note: " + note));
        return new OpenModel(model, runner);
    }

    private ModelCard adjusted(ModelCard found, Optional<String> inputSize) {
        try {
            return found.withPreprocessing(adjusted(found.preprocessing(), inputSize))
                    .withLabels(labels().map(Labels::read).orElse(found.labels()))
                    .withOutput(output.onto(found.output()));
        } catch (IllegalArgumentException contradiction) {
            throw VitrineException.usage("Preprocessing: " + contradiction.getMessage() + ".");
        }
    }

    private Preprocessing adjusted(Preprocessing found, Optional<String> inputSize) {
        int[] sides = inputSize.map(CardOptions::sides).orElse(new int[] {found.width(), found.height()});
        ChannelOrder order = channels.orElse(found.channels());
        Normalization old = found.normalization();
        boolean turned = old.equals(Normalization.IMAGENET) && order.kind() == ChannelOrder.Kind.BGR;
        if (turned && found.channels().kind() == ChannelOrder.Kind.RGB) {
            old = new Normalization(old.low(), old.high(), reversed(old.mean()), reversed(old.deviation()));
        }
        List<Double> ends = range.map(text -> numbers("--range", text, 2)).orElse(List.of(old.low(), old.high()));
        boolean kept = old.channels() == order.count();
        Normalization neutral = Normalization.range(ends.get(0), ends.get(1), order.count());
        Normalization normalization = new Normalization(
                ends.get(0),
                ends.get(1),
                mean.map(text -> numbers("--mean", text, order.count())).orElse((kept ? old : neutral).mean()),
                deviation
                        .map(text -> numbers("--deviation", text, order.count()))
                        .orElse((kept ? old : neutral).deviation()));
        Fit newFit = fit.orElse(found.fit());
        boolean sameSize = sides[0] == found.width() && sides[1] == found.height() && newFit == found.fit();
        return new Preprocessing(
                sides[0],
                sides[1],
                newFit,
                sameSize ? found.resize() : Math.min(sides[0], sides[1]),
                resampling.orElse(found.resampling()),
                order,
                found.layout(),
                normalization);
    }

    private static List<Double> reversed(List<Double> numbers) {
        List<Double> reversed = new ArrayList<>(numbers);
        Collections.reverse(reversed);
        return reversed;
    }

    private static int[] sides(String text) {
        Matcher matcher = SIZE.matcher(text.strip());
        if (!matcher.matches()) {
            throw VitrineException.usage("--size '" + text + "': expected pixels, such as 224 or 320x240.");
        }
        int width = Integer.parseInt(matcher.group(1));
        return new int[] {width, matcher.group(2) == null ? width : Integer.parseInt(matcher.group(2))};
    }

    private static List<Double> numbers(String option, String text, int count) {
        try {
            List<Double> numbers = Pattern.compile(",")
                    .splitAsStream(text)
                    .map(Double::valueOf)
                    .toList();
            if (numbers.size() == count) {
                return numbers;
            }
        } catch (NumberFormatException noNumber) {
            // Reported below.
        }
        throw VitrineException.usage(option + " '" + text + "': expected " + count
                + (count == 1 ? " number." : " comma-separated numbers."));
    }
}
