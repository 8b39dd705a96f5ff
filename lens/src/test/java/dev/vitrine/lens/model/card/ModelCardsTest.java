package dev.vitrine.lens.model.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.oracle.NeedsShared;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.lens.data.Resampling;
import dev.vitrine.lens.model.head.Activation;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCardsTest {
    private static final Path SHARED = Path.of(System.getProperty("vitrine.shared", "absent"));
    private static final TensorType COLORS = input(-1, 3, -1, -1);

    @TempDir
    Path folder;

    private static TensorType input(long... shape) {
        return new TensorType(
                ElementType.FLOAT32,
                java.util.Arrays.stream(shape)
                        .mapToObj(size -> size < 0 ? Dimension.UNKNOWN : Dimension.of(size))
                        .toList());
    }

    private ModelCard read(String yaml, TensorType input) {
        try {
            return ModelCards.read(Files.writeString(folder.resolve("net.yaml"), yaml), input);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void everyKey() throws IOException {
        Files.writeString(folder.resolve("names.tsv"), "n1\tcat\nn2\tdog\n");
        ModelCard card = read("""
                name: My network
                description: Cats and dogs.
                license: MIT
                activation: Softmax
                labels: names.tsv
                input:
                  width: 320
                  height: 240
                  fit: crop
                  resize: 256
                  resampling: lanczos
                  channels: bgr
                  layout: nhwc
                  range: [-1, 1]
                  mean: [0.1, 0.2, 0.3]
                  deviation: [1, 2, 3]
                """, input(-1, -1, -1, 3));
        assertThat(card)
                .isEqualTo(new ModelCard(
                        "My network",
                        new Preprocessing(
                                320,
                                240,
                                Fit.CROP,
                                256,
                                Resampling.LANCZOS,
                                ChannelOrder.BGR,
                                Layout.NHWC,
                                new Normalization(-1, 1, List.of(0.1, 0.2, 0.3), List.of(1.0, 2.0, 3.0))),
                        new Labels(List.of("cat", "dog"), List.of("n1", "n2")),
                        OutputCard.NONE.withActivation(Activation.SOFTMAX),
                        "MIT",
                        "Cats and dogs.",
                        List.of()));
    }

    @Test
    void whatACardLeavesOutComesFromTheModelOrIsNeutral() {
        ModelCard card = read("labels: [cat, 7, no]", input(-1, 28, 28, 1));
        assertThat(card.name()).isEqualTo("net");
        assertThat(card.labels().names()).containsExactly("cat", "7", "no");
        assertThat(card.output()).isEqualTo(OutputCard.NONE);
        assertThat(card.preprocessing())
                .isEqualTo(new Preprocessing(
                        28,
                        28,
                        Fit.CROP,
                        Resampling.BILINEAR,
                        ChannelOrder.GRAY,
                        Layout.NHWC,
                        Normalization.range(0, 1, 1)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "inptu: {size: 8} | key 'inptu': unknown; expected one of name, description, | did you mean 'input'?",
                "input: {sise: 8} | key 'input.sise': unknown | did you mean 'size'?",
                "input: {size: big} | key 'input.size': found the text 'big' | expected an integer of at least 1",
                "input: {size: 0} | key 'input.size': found 0 | expected an integer of at least 1",
                "input: {size: -3} | key 'input.size': found -3 | expected an integer of at least 1",
                "input: {size: 8, width: 8} | key 'input.size' | either size, or width and height",
                "input: {} | key 'input.width': found nothing | the key 'size'",
                "input: 224 | key 'input': found 224 | expected keys and values",
                "input: {size: 8, fit: stretch} | key 'input.fit': found the text 'stretch' | squash, crop, pad",
                "input: {size: 8, mean: [1, 2]} | key 'input.mean': found the list [1, 2] | a list of 3 numbers",
                "input: {size: 8, mean: 0.5} | key 'input.mean': found 0.5 | a list of 3 numbers",
                "input: {size: 8, deviation: [1, 0, 1]} | key 'input' | expected positive numbers",
                "input: {size: 8, range: [1, 0]} | key 'input' | two rising numbers",
                "input: {size: 8, fit: pad, resize: 9} | key 'input': resize 9 | only the fit CROP",
                "input: {size: 8, resize: 7} | key 'input': resize 7 | expected at least",
                "input: {size: 8, channels: gray} | key 'input': gives tensors of [N, 1, 8, 8] | Correct size,"
                        + " channels",
                "input: {size: 8, layout: nhwc} | key 'input': gives tensors of [N, 8, 8, 3] | Correct size, channels",
                "{name: 7, input: {size: 8}} | key 'name': found 7 | expected text",
                "{labels: 7, input: {size: 8}} | key 'labels': found 7 | path of a .txt or .tsv file",
                "{labels: [[a]], input: {size: 8}} | key 'labels': found an entry that is the list [a] | a list of"
                        + " names",
                "{labels: none.txt, input: {size: 8}} | none.txt: no such file | class names, one a line",
                "{activation: relu, input: {size: 8}} | key 'activation': found the text 'relu' | none, softmax,"
                        + " sigmoid",
                "'name: [' | net.yaml, line 1: no valid YAML | net.yaml",
                "'name: a{n}name: b' | net.yaml, line 2: no valid YAML | duplicate key",
                "just text | found the text 'just text' | expected keys and values"
            })
    void faultsNameFileKeyAndWhatWasExpected(String yaml, String found, String expected) {
        assertThatThrownBy(() -> read(yaml.replace("{n}", "\n"), COLORS))
                .isInstanceOfSatisfying(
                        VitrineException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(VitrineException.Kind.FAILURE))
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(found)
                .hasMessageContaining(expected);
    }

    @Test
    void aCardThatContradictsTheModelIsRefused() {
        assertThatThrownBy(() -> read("input: {size: 224}", input(1, 3, 227, 227)))
                .hasMessageContaining("[N, 3, 224, 224]")
                .hasMessageContaining("float32[1, 3, 227, 227]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"my.net.yaml", "my.net.yml", "my.net.onnx.yaml"})
    void aCardBesideTheModelIsFound(String name) throws IOException {
        Path model = Files.write(folder.resolve("my.net.onnx"), new byte[10]);
        Files.writeString(folder.resolve(name), "{name: Mine, input: {size: 8}}");
        assertThat(ModelCards.find(model, COLORS).name()).isEqualTo("Mine");
    }

    @ParameterizedTest
    @CsvSource({
        "tiny-darknet, Tiny Darknet, 224, 1000, Egyptian cat, 285",
        "squeezenet-caltech101, SqueezeNet Caltech-101, 224, 101, yin_yang, 100",
        "cifar10-resnet20, ResNet-20 CIFAR-10, 32, 10, truck, 9"
    })
    void aBuiltInCardIsFoundByName(String file, String name, int size, int classes, String className, int index)
            throws IOException {
        Path other = Files.write(folder.resolve(file + ".onnx"), new byte[10]);
        ModelCard byName = ModelCards.find(other, COLORS);
        assertThat(byName.name()).isEqualTo(name);
        assertThat(byName.notes()).singleElement().asString().contains("differs");
        assertThat(byName.preprocessing().width()).isEqualTo(size);
        assertThat(byName.labels().size()).isEqualTo(classes);
        assertThat(byName.labels().find(className)).isEqualTo(index);
        // A network of that name with another input is another network.
        assertThat(ModelCards.find(other, input(1, 1, 99, 99)).name()).isEqualTo(file);
    }

    @NeedsShared
    @ParameterizedTest
    @ValueSource(strings = {"tiny-darknet", "squeezenet-caltech101", "cifar10-resnet20"})
    void aBuiltInCardIsFoundByBytes(String file) throws IOException {
        Path other = Files.write(folder.resolve(file + ".onnx"), new byte[10]);
        Path renamed = Files.copy(SHARED.resolve("models/" + file + ".onnx"), folder.resolve("renamed.onnx"));
        ModelCard byBytes = ModelCards.find(renamed, COLORS);
        assertThat(byBytes.notes()).isEmpty();
        assertThat(byBytes.preprocessing())
                .isEqualTo(ModelCards.find(other, COLORS).preprocessing());
    }

    @Test
    void withoutACardTheUsualIsGuessedAndSaid() throws IOException {
        Path model = Files.write(folder.resolve("unknown.onnx"), new byte[10]);
        ModelCard card = ModelCards.find(model, COLORS);
        assertThat(card.name()).isEqualTo("unknown");
        assertThat(card.preprocessing()).isEqualTo(Preprocessing.imagenet(224));
        assertThat(card.notes()).singleElement().asString().contains("224x224", "no class names", "unknown.yaml");
        assertThat(ModelCards.guess(model, input(1, 3, 299, 299)).preprocessing())
                .isEqualTo(Preprocessing.imagenet(299));
        assertThat(ModelCards.guess(model, input(-1, 28, 28, 1)).preprocessing().layout())
                .isEqualTo(Layout.NHWC);
        assertThat(ModelCards.guess(model, input(-1, 1, 28, 28)).preprocessing().channels())
                .isEqualTo(ChannelOrder.GRAY);
        assertThat(ModelCards.guess(model, input(-1, -1, -1, -1)).notes())
                .singleElement()
                .asString()
                .contains("which axis");
    }

    @Test
    void layoutAndChannelsComeFromSizesAndNames() {
        Path model = folder.resolve("bands.onnx");
        assertThat(guessed(model, input(-1, 4, 64, 64))).isEqualTo("NCHW RGBA");
        assertThat(guessed(model, input(-1, 64, 64, 2))).isEqualTo("NHWC 2 channels");
        assertThat(guessed(model, input(1, 13, 120, 120))).isEqualTo("NCHW 13 channels");
        assertThat(guessed(model, input(1, 120, 120, 48))).isEqualTo("NHWC 48 channels");
        assertThat(guessed(model, named("batch", "channels", "height", "width")))
                .isEqualTo("NCHW RGB");
        assertThat(guessed(model, named("N", "H", "W", "C"))).isEqualTo("NHWC RGB");
        assertThat(guessed(model, named("a", "b", "c_", "d"))).isEqualTo("NCHW RGB");
    }

    private static String guessed(Path model, TensorType type) {
        Preprocessing preprocessing = ModelCards.guess(model, type).preprocessing();
        return preprocessing.layout() + " " + preprocessing.channels();
    }

    private static TensorType named(String... symbols) {
        return new TensorType(
                ElementType.FLOAT32,
                java.util.Arrays.stream(symbols).map(Dimension::named).toList());
    }

    @Test
    void channelsOfAnyNumberAndWhatIsShownOfThem() {
        ModelCard card = read("input: {channels: 5, display: [3, 2, 1], mean: [1, 2, 3, 4, 5]}", input(-1, 5, 8, 9));
        assertThat(card.preprocessing().channels())
                .isEqualTo(ChannelOrder.bands(5).withShown(List.of(3, 2, 1)));
        assertThat(card.preprocessing().normalization().mean()).containsExactly(1.0, 2.0, 3.0, 4.0, 5.0);
        assertThat(read(CardText.of(card), input(-1, 5, 8, 9)).preprocessing()).isEqualTo(card.preprocessing());
        assertThatThrownBy(() -> read("input: {channels: 5, display: [6]}", input(-1, 5, 8, 9)))
                .hasMessageContaining("display [6]: expected one channel, or three");
        assertThatThrownBy(() -> read("input: {channels: cmyk}", input(-1, 4, 8, 9)))
                .hasMessageContaining("expected rgb, bgr, gray, rgba or a number of channels");
    }

    @Test
    void whatAPersonGivesIsNotSaidToBeGuessed() throws IOException {
        Path model = Files.write(folder.resolve("given.onnx"), new byte[10]);
        PictureInput input = PictureInput.of(input(-1, 3, 8, 8));
        Set<String> all = Set.of("fit", "resampling", "channels", "range", "mean", "deviation", "labels");
        assertThat(ModelCards.find(model, input, all).notes()).isEmpty();
        ModelCard card = ModelCards.find(model, input, Set.of("range", "labels"));
        assertThat(card.preprocessing().normalization()).isEqualTo(Normalization.range(0, 1, 3));
        assertThat(card.notes().get(0))
                .contains("RGB without mean and deviation, center crop and bilinear resizing were guessed");
        assertThat(ModelCards.find(model, input, Set.of("mean", "fit", "labels"))
                        .notes()
                        .get(0))
                .startsWith("RGB in 0..1 without deviation and bilinear resizing were guessed. ");
    }

    @Test
    void aCardTellsInputsAndFeeds() throws IOException {
        Path model = Files.write(folder.resolve("two.onnx"), new byte[10]);
        Files.writeString(folder.resolve("two.yaml"), "{input: {name: rgb}, feeds: {scale: 0.5, mask: m.npy}}");
        CardInputs inputs = ModelCards.inputs(model);
        assertThat(inputs.name()).contains("rgb");
        assertThat(inputs.feeds())
                .containsEntry("scale", new Feed.Constant(0.5))
                .containsEntry(
                        "mask",
                        new Feed.Array(
                                folder.resolve("m.npy"),
                                Optional.of(folder.resolve("two.yaml").resolveSibling(""))));
        Files.writeString(folder.resolve("two.yaml"), "feeds: {scale: much}");
        assertThatThrownBy(() -> ModelCards.inputs(model))
                .hasMessageContaining("key 'feeds.scale'")
                .hasMessageContaining("expected a number");
    }

    @Test
    void anInputThatIsNoPictureIsTakenAsItIs() {
        ModelCard card = ModelCards.guess(folder.resolve("sound.onnx"), input(-1, 2, 16000));
        assertThat(card.preprocessing().normalization()).isEqualTo(Normalization.range(0, 1, 1));
        assertThat(card.notes())
                .singleElement()
                .asString()
                .contains("sound.yaml")
                .doesNotContain("guessed");
    }
}
