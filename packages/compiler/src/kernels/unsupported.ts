/** Kernels of TF.js without a translation, by reason. A test holds this list complete. */
export const unsupported: Readonly<Record<string, readonly string[]>> = {
  'complex numbers': ['Complex', 'ComplexAbs', 'FFT', 'IFFT', 'Imag', 'Real'],
  strings: ['StaticRegexReplace', 'StringNGrams', 'StringSplit', 'StringToHashBucketFast'],
  'the shape of the result depends on values': [
    'NonMaxSuppressionV3',
    'NonMaxSuppressionV4',
    'NonMaxSuppressionV5',
    'RaggedGather',
    'RaggedRange',
    'RaggedTensorToTensor',
    'SparseFillEmptyRows',
    'SparseReshape',
    'SparseSegmentMean',
    'SparseSegmentSum',
    'Unique',
    'Where'
  ],
  'draws random numbers: feed them instead': ['Multinomial'],
  'three-dimensional': [
    'AvgPool3D',
    'AvgPool3DGrad',
    'Conv3D',
    'Conv3DBackpropFilterV2',
    'Conv3DBackpropInputV2',
    'MaxPool3D',
    'MaxPool3DGrad'
  ],
  images: [
    'CropAndResize',
    'DepthToSpace',
    'Draw',
    'FlipLeftRight',
    'FromPixels',
    'ResizeBilinear',
    'ResizeBilinearGrad',
    'ResizeNearestNeighbor',
    'ResizeNearestNeighborGrad',
    'RotateWithOffset',
    'Transform'
  ],
  'no translation yet': [
    'BatchToSpaceND',
    'Bincount',
    'BitwiseAnd',
    'BroadcastArgs',
    'DenseBincount',
    'Diag',
    'Dilation2D',
    'Dilation2DBackpropFilter',
    'Dilation2DBackpropInput',
    'LRN',
    'LRNGrad',
    'LowerBound',
    'MatrixBandPart',
    'MaxPoolWithArgmax',
    'Pool',
    'SearchSorted',
    'SpaceToBatchND',
    'SparseToDense',
    'UpperBound'
  ]
}
