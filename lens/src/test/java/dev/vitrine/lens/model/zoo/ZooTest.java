package dev.vitrine.lens.model.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.lens.model.card.ModelCard;
import dev.vitrine.lens.model.card.ModelCards;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ZooTest {
    static Stream<ZooNetwork> networks() {
        return Zoo.NETWORKS.stream();
    }

    @Test
    void theListHoldsEachNetworkOnce() {
        assertThat(Zoo.NETWORKS).hasSize(16);
        assertThat(Zoo.NETWORKS.stream().map(ZooNetwork::name))
                .doesNotHaveDuplicates()
                .first()
                .isEqualTo("squeezenet1.1-7");
        assertThat(Zoo.NETWORKS.stream().map(ZooNetwork::sha256))
                .doesNotHaveDuplicates()
                .allMatch(hash -> hash.matches("[0-9a-f]{64}"));
        assertThat(Zoo.find("squeezenet1.1-7").addresses())
                .containsExactly(
                        URI.create(
                                "https://huggingface.co/onnxmodelzoo/squeezenet1.1-7/resolve/main/squeezenet1.1-7.onnx"),
                        URI.create("https://media.githubusercontent.com/media/onnx/models/main/validated/vision"
                                + "/classification/squeezenet/model/squeezenet1.1-7.onnx"));
    }

    /** Each card fits the input that the zoo tells of. */
    @ParameterizedTest
    @MethodSource("networks")
    void cardsFitTheirNetworks(ZooNetwork network, @TempDir Path folder) throws Exception {
        Path card = Files.writeString(folder.resolve("card.yaml"), Zoo.card(network));
        Files.writeString(folder.resolve(Zoo.LABELS), Zoo.labels());
        List<Dimension> dimensions = Arrays.stream(
                        network.input().replaceAll("[\\[\\] ]", "").split(","))
                .map(text -> text.matches("\\d+") ? Dimension.of(Long.parseLong(text)) : Dimension.named(text))
                .toList();
        ModelCard read = ModelCards.read(card, new TensorType(ElementType.FLOAT32, dimensions));
        assertThat(read.name()).isEqualTo(network.name());
        assertThat(read.labels().size()).isEqualTo(network.isForPhotos() ? 1000 : 10);
        assertThat(read.description()).isNotEmpty();
        assertThat(network.path()).endsWith("/" + network.name() + ".onnx");
    }

    @ParameterizedTest
    @CsvSource({
        "vgg16-7,vgg16-7",
        "squeezenet1.1,squeezenet1.1-7",
        "ResNet18,resnet18-v1-7",
        "zfnet,zfnet512-12",
        "mobilenet,mobilenetv2-12",
    })
    void networksGoByPartsOfTheirNames(String text, String expected) {
        assertThat(Zoo.find(text).name()).isEqualTo(expected);
    }

    @Test
    void ambiguousAndUnknownNames() {
        assertThatThrownBy(() -> Zoo.find("vgg")).hasMessageContaining("vgg16-12, vgg16-7");
        assertThatThrownBy(() -> Zoo.find("squeezenet1.2-7")).hasMessageContaining("Did you mean squeezenet1.1-7");
        assertThatThrownBy(() -> Zoo.find("")).hasMessageContaining("There are: squeezenet1.1-7, ");
    }
}
