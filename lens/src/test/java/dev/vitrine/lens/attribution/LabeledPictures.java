package dev.vitrine.lens.attribution;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.PictureSource;
import dev.vitrine.lens.model.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Pictures of which somebody has said what they show, as a network takes them.
 *
 * @param names within their archive
 * @param classes class numbers
 * @param images {@code f32[N,C,H,W]}
 */
record LabeledPictures(List<String> names, long[] classes, Tensor images) {
    /** Which archive holds pictures for a trained network, and which class each of its folders stands for. */
    private enum Archive {
        CIFAR("cifar10-resnet20", "cifar10-test.zip", "cifar10-classes.txt"),
        CALTECH("squeezenet-caltech101", "caltech101.zip", "caltech101-classes.txt"),
        IMAGENET("tiny-darknet", "imagenet-sample-800.zip", "imagenet-classes.tsv");

        private final String model;
        private final String pictures;
        private final String classes;

        Archive(String model, String pictures, String classes) {
            this.model = model;
            this.pictures = pictures;
            this.classes = classes;
        }

        static Archive of(String model) {
            for (Archive archive : values()) {
                if (archive.model.equals(model)) {
                    return archive;
                }
            }
            throw new IllegalArgumentException("no labeled pictures for " + model);
        }
    }

    /** A number of pictures, taken evenly from all that show one of the network's classes. */
    static LabeledPictures of(String name, int count) {
        Model model = Nets.trained(name);
        Archive archive = Archive.of(name);
        try (PictureSource source = PictureSource.open(Nets.existing(Path.of("data", archive.pictures)))) {
            List<String> classes = Files.readAllLines(Nets.existing(Path.of("models", archive.classes))).stream()
                    .map(line -> line.split("\t")[0])
                    .toList();
            List<Integer> known = new ArrayList<>();
            for (int i = 0; i < source.size(); i++) {
                if (classes.contains(source.entries().get(i).className())) {
                    known.add(i);
                }
            }
            List<String> names = new ArrayList<>();
            long[] numbers = new long[count];
            List<Tensor> images = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int index = known.get((int) ((i + 0.5) * known.size() / count));
                names.add(source.entries().get(index).name());
                numbers[i] = classes.indexOf(source.entries().get(index).className());
                images.add(model.preprocessing().apply(source.read(index)));
            }
            return new LabeledPictures(names, numbers, Tensor.concatenate(images));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int size() {
        return names.size();
    }

    Tensor image(int index) {
        return images.rows(index, index + 1);
    }
}
