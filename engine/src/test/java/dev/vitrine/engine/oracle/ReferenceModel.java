package dev.vitrine.engine.oracle;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The three shared models, with the class that the stored numbers explain and the layer of their Grad-CAM. */
public enum ReferenceModel {
    TINY_DARKNET("tiny-darknet", 224, 281, "/net/net.48/LeakyRelu_output_0"),
    SQUEEZENET("squeezenet-caltech101", 224, 17, "/fire9/Concat_output_0"),
    RESNET20("cifar10-resnet20", 32, 3, "/layer3/layer3.2/Relu_1_output_0");

    private final String file;
    private final int pixels;
    private final int target;
    private final String camLayer;

    ReferenceModel(String file, int pixels, int target, String camLayer) {
        this.file = file;
        this.pixels = pixels;
        this.target = target;
        this.camLayer = camLayer;
    }

    /** The file's name without its ending. */
    public String file() {
        return file;
    }

    public int pixels() {
        return pixels;
    }

    /** Class index of the logit that is explained. */
    public int target() {
        return target;
    }

    /** The value whose channels the Grad-CAM numbers weigh: the last before the head. */
    public String camLayer() {
        return camLayer;
    }

    /** Which numbers are stored. */
    public List<ReferenceMethod> methods() {
        return this == TINY_DARKNET
                ? List.of(
                        ReferenceMethod.LOGITS,
                        ReferenceMethod.GRADIENT,
                        ReferenceMethod.GRADCAM,
                        ReferenceMethod.INTEGRATED)
                : List.of(ReferenceMethod.values());
    }

    /** The model file, empty where the shared folder is missing. */
    public Optional<Path> path() {
        Path path = Path.of(System.getProperty("vitrine.shared", "../shared"), "models", file + ".onnx");
        return Optional.of(path).filter(Files::isRegularFile);
    }
}
