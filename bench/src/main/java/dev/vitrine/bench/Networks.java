package dev.vitrine.bench;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.oracle.Architectures;
import dev.vitrine.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.Random;

/** The networks that benchmarks measure, by name, and a picture of noise for them. */
final class Networks {
    private Networks() {}

    static Path file(String name, Path shared, Path folder) {
        return switch (name) {
            case "squeezenet" -> shared.resolve("models/squeezenet-caltech101.onnx");
            case "resnet-20" -> shared.resolve("models/cifar10-resnet20.onnx");
            case "tiny-darknet" -> shared.resolve("models/tiny-darknet.onnx");
            case "resnet-50" ->
                written(Architectures.resNet50(Architectures.Size.FULL), folder.resolve("resnet50.onnx"));
            case "vgg-16" -> written(Architectures.vgg16(Architectures.Size.FULL), folder.resolve("vgg16.onnx"));
            default -> Path.of(name);
        };
    }

    private static Path written(Graph graph, Path file) {
        OnnxWriter.write(graph, file);
        file.toFile().deleteOnExit();
        return file;
    }

    static Tensor noise(long[] shape) {
        Random random = new Random(1);
        float[] data = new float[Math.toIntExact(Tensor.elements(shape))];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) random.nextGaussian();
        }
        return Tensor.floats(data, shape);
    }
}
