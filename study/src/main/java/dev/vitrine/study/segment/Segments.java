package dev.vitrine.study.segment;

import dev.vitrine.lens.render.Segmentation;
import java.util.BitSet;
import java.util.List;

/** The objects in pictures that support a class. */
public record Segments(List<Segment> pictures) {
    public Segments {
        pictures = List.copyOf(pictures);
    }

    /**
     * One picture.
     *
     * @param index in the list of pictures
     * @param target display name of the class
     * @param area share of the picture, 0..1
     * @param object one bit per pixel, row by row
     */
    public record Segment(int index, String name, String target, double area, int width, int height, byte[] object) {
        static Segment of(int index, String name, String target, Segmentation found) {
            BitSet object = new BitSet(found.foreground().length);
            for (int pixel = 0; pixel < found.foreground().length; pixel++) {
                object.set(pixel, found.foreground()[pixel]);
            }
            return new Segment(index, name, target, found.area(), found.width(), found.height(), object.toByteArray());
        }

        Segmentation segmentation() {
            BitSet bits = BitSet.valueOf(object);
            boolean[] foreground = new boolean[width * height];
            for (int pixel = 0; pixel < foreground.length; pixel++) {
                foreground[pixel] = bits.get(pixel);
            }
            return new Segmentation(width, height, foreground);
        }
    }
}
