package dev.vitrine.lens.word;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A binary tree whose leaves are words, frequent ones near the root: hierarchical softmax predicts a word by a decision
 * at each of the nodes above it.
 *
 * @param nodes the inner nodes above each word, from the root
 * @param turns whether the way goes to the second child, 1, or the first, 0
 */
record HuffmanTree(int[][] nodes, byte[][] turns) {
    private record Branch(long count, int number) {}

    static HuffmanTree of(long[] counts) {
        int words = counts.length;
        int[] parents = new int[2 * words - 1];
        byte[] sides = new byte[2 * words - 1];
        PriorityQueue<Branch> open =
                new PriorityQueue<>(Comparator.comparingLong(Branch::count).thenComparingInt(Branch::number));
        for (int word = 0; word < words; word++) {
            open.add(new Branch(counts[word], word));
        }
        for (int node = words; node < parents.length; node++) {
            Branch first = open.remove();
            Branch second = open.remove();
            parents[first.number()] = node;
            parents[second.number()] = node;
            sides[second.number()] = 1;
            open.add(new Branch(first.count() + second.count(), node));
        }
        int[][] nodes = new int[words][];
        byte[][] turns = new byte[words][];
        int root = parents.length - 1;
        for (int word = 0; word < words; word++) {
            int depth = 0;
            for (int at = word; at != root; at = parents[at]) {
                depth++;
            }
            nodes[word] = new int[depth];
            turns[word] = new byte[depth];
            int at = word;
            for (int level = depth - 1; level >= 0; level--) {
                turns[word][level] = sides[at];
                at = parents[at];
                nodes[word][level] = at - words;
            }
        }
        return new HuffmanTree(nodes, turns);
    }
}
