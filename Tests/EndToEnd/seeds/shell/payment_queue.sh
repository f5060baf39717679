#!/bin/bash
# A FIFO queue whose dead letters are to go to a standard queue, which AWS refuses, and then to a FIFO one.
set -euo pipefail

aws sts get-caller-identity

DLQ_URL=$(aws sqs create-queue \
  --queue-name ecommerce-dlq \
  --attributes MessageRetentionPeriod=1209600 \
  --region ap-southeast-1 --query QueueUrl --output text)

# The command as it is written.
create_payment_queue() {
  aws sqs create-queue \
    --queue-name ecommerce-payment-queue.fifo \
    --attributes '{
    "FifoQueue": "true",
    "ContentBasedDeduplication": "true",
    "VisibilityTimeout": "300",
    "MessageRetentionPeriod": "345600",
    "ReceiveMessageWaitTimeSeconds": "20",
    "RedrivePolicy": "{\"deadLetterTargetArn\":\"'$DLQ_ARN'\",\"maxReceiveCount\":\"3\"}"
  }' \
    --region ap-southeast-1
}

DLQ_ARN=$(aws sqs get-queue-attributes \
  --queue-url $DLQ_URL \
  --attribute-names QueueArn \
  --query 'Attributes.QueueArn' \
  --output text)

if create_payment_queue; then
  echo "a standard dead-letter queue of a FIFO queue was accepted"
  exit 1
fi

DLQ_URL=$(aws sqs create-queue \
  --queue-name ecommerce-dlq.fifo \
  --attributes MessageRetentionPeriod=1209600,FifoQueue=true \
  --region ap-southeast-1 --query QueueUrl --output text)

DLQ_ARN=$(aws sqs get-queue-attributes \
  --queue-url $DLQ_URL \
  --attribute-names QueueArn \
  --query 'Attributes.QueueArn' \
  --output text)

create_payment_queue
QUEUE_URL=$(aws sqs get-queue-url --queue-name ecommerce-payment-queue.fifo --query QueueUrl --output text)

# orderId and timestamp as in the advice on deduplication.
aws sqs send-message \
  --queue-url $QUEUE_URL \
  --message-body '{"paymentId": "pay_123456", "orderId": "ord_123456", "status": "success"}' \
  --message-group-id order-ord_123456 \
  --message-deduplication-id ord_123456-1704191460

RECEIPT_HANDLE=$(aws sqs receive-message \
  --queue-url $QUEUE_URL \
  --max-number-of-messages 1 --query 'Messages[0].ReceiptHandle' --output text)

aws sqs delete-message \
  --queue-url $QUEUE_URL \
  --receipt-handle $RECEIPT_HANDLE

aws sqs list-dead-letter-source-queues --queue-url $DLQ_URL
