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
    'Unique'
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
  'image files and augmentation: feed images that are ready': [
    'CropAndResize',
    'Draw',
    'FlipLeftRight',
    'FromPixels',
    'RotateWithOffset',
    'Transform'
  ],
  'computes a shape, which must be known before': ['BroadcastArgs'],
  'no operation of TF.js runs it': [
    'BroadcastTo',
    'LogSoftmax',
    'LogicalXor',
    'LowerBound',
    'MatrixBandPart',
    'Pool',
    'UpperBound'
  ],
  'no translation yet': [
    'Bincount',
    'BitwiseAnd',
    'DenseBincount',
    'Dilation2D',
    'Dilation2DBackpropFilter',
    'Dilation2DBackpropInput',
    'MaxPoolWithArgmax'
  ]
}
